#include "ui/recording/sessions_window.h"

#include <QHBoxLayout>
#include <QMessageBox>
#include <QSignalBlocker>
#include <QStandardPaths>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "app/session/session_outputs.h"
#include "ui/calibration/page_parts.h"
#include "ui/recording/export_dialog.h"
#include "ui/recording/recording_words.h"
#include "ui/recording/session_card_delegate.h"

namespace yarbus::ui {

namespace {

constexpr QSize sessions_size(720, 600);

QPushButton* make_button(const QString& text, const QString& name, QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setObjectName(name);
  button->setAutoDefault(false);
  return button;
}

QString quoted_title(const SessionCard& card) { return "“" + card_title(card) + "”"; }

/// The buttons that write something of the chosen session, and the format each begins with.
struct OutputButton {
  const char* name;
  const char* text;
  const char* format;
  const char* tip;
};
constexpr std::array output_buttons{
    OutputButton{"session_export", "&Export…", "csv",
                 "Writes it for other programs: tables, Pupil Player, BIDS, MATLAB"},
    OutputButton{"session_report", "Repor&t…", ExportDialog::report_format,
                 "How good its data are, as a PDF"},
};

constexpr const char* viewing_results_name = "session_viewing";

/// Where the last export went.
constexpr const char* export_folder_property = "export_folder";

void open_export(SessionsWindow& window, const SessionOutputs& outputs, const SessionCard& card,
                 const char* format) {
  auto* dialog =
      new ExportDialog(outputs, card, format, window.property(export_folder_property).toString(), &window);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  QObject::connect(dialog, &ExportDialog::written, &window,
                   [&window](const QString& folder) { window.setProperty(export_folder_property, folder); });
  QObject::connect(dialog, &ExportDialog::folder_wanted, &window, &SessionsWindow::folder_wanted);
  dialog->show();
}

}  // namespace

SessionsWindow::SessionsWindow(RecordingControl& control, QWidget* parent)
    : QDialog(parent),
      control_(control),
      search_(new QLineEdit(this)),
      list_(new QListWidget(this)),
      count_(new QLabel(this)),
      text_(wrapped_label({}, this)),
      open_(make_button("&Open", "session_open", this)),
      folder_(make_button("Show &folder", "session_folder", this)),
      repair_(make_button("&Repair", "session_repair", this)),
      delete_(make_button("&Delete…", "session_delete", this)) {
  setObjectName("sessions_window");
  setWindowTitle("Sessions");
  search_->setObjectName("session_search");
  search_->setAccessibleName("Search sessions");
  search_->setPlaceholderText("Search name, participant and notes");
  search_->setClearButtonEnabled(true);
  list_->setObjectName("session_list");
  list_->setAccessibleName("Recorded sessions");
  list_->setItemDelegate(new SessionCardDelegate(list_));
  list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setUniformItemSizes(true);
  count_->setObjectName("session_count");
  text_->setObjectName("session_text");
  text_->setTextFormat(Qt::PlainText);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* again = make_button("&Look again", "session_refresh", this);
  auto* close = make_button("&Close", "session_close", this);
  auto* top = new QHBoxLayout;
  top->addWidget(search_, 1);
  top->addWidget(count_);
  top->addWidget(again);
  auto* buttons = new QHBoxLayout;
  for (QPushButton* button : {open_, folder_}) buttons->addWidget(button);
  setProperty(export_folder_property, QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
  if (const SessionOutputs* outputs = control.outputs(); outputs != nullptr) {
    for (const OutputButton& output : output_buttons) {
      QPushButton* button = make_button(output.text, output.name, this);
      button->setToolTip(output.tip);
      buttons->addWidget(button);
      connect(button, &QPushButton::clicked, this, [this, outputs, format = output.format] {
        if (const SessionCard* card = chosen()) open_export(*this, *outputs, *card, format);
      });
    }
  }
  QPushButton* viewing = make_button("&Viewing results…", viewing_results_name, this);
  viewing->setToolTip("Of a viewing session: how the picture was looked at for each task");
  buttons->addWidget(viewing);
  connect(viewing, &QPushButton::clicked, this, [this] {
    if (const SessionCard* card = chosen()) Q_EMIT viewing_wanted(QString::fromStdString(card->folder));
  });
  for (QPushButton* button : {repair_, delete_}) buttons->addWidget(button);
  buttons->addStretch(1);
  buttons->addWidget(close);
  auto* column = new QVBoxLayout(this);
  column->addLayout(top);
  column->addWidget(list_, 1);
  column->addWidget(text_);
  column->addLayout(buttons);
  resize(sessions_size);

  connect(search_, &QLineEdit::textChanged, this, &SessionsWindow::use_search);
  connect(list_, &QListWidget::itemSelectionChanged, this, [this] {
    show_text(*text_, {});
    follow_choice();
  });
  connect(list_, &QListWidget::itemActivated, this, [this] {
    if (open_->isEnabled()) open_chosen();
  });
  connect(again, &QPushButton::clicked, this, &SessionsWindow::refresh);
  connect(open_, &QPushButton::clicked, this, &SessionsWindow::open_chosen);
  connect(folder_, &QPushButton::clicked, this, [this] {
    if (const SessionCard* card = chosen()) Q_EMIT folder_wanted(QString::fromStdString(card->folder));
  });
  connect(repair_, &QPushButton::clicked, this, &SessionsWindow::repair_chosen);
  connect(delete_, &QPushButton::clicked, this, &SessionsWindow::ask_to_delete);
  connect(close, &QPushButton::clicked, this, &SessionsWindow::close);
  show_text(*text_, {});
}

void SessionsWindow::open_window() {
  refresh();
  show();
  raise();
  activateWindow();
  list_->setFocus();
}

void SessionsWindow::refresh() {
  const SessionCard* before = chosen();
  const std::string kept = before != nullptr ? before->folder : std::string();
  cards_ = control_.list();
  {
    const QSignalBlocker quiet(list_);
    list_->clear();
    for (const SessionCard& card : cards_) {
      auto* item = new QListWidgetItem(list_);
      SessionCardDelegate::fill(*item, card);
      if (card.folder == kept) list_->setCurrentItem(item);
    }
    if (list_->currentRow() < 0 && !cards_.empty()) list_->setCurrentRow(0);
  }
  use_search();
}

void SessionsWindow::use_search() {
  int shown = 0;
  int first = -1;
  for (int row = 0; row < list_->count(); ++row) {
    const bool is_found = matches(cards_[static_cast<std::size_t>(row)], search_->text());
    list_->item(row)->setHidden(!is_found);
    if (!is_found) continue;
    ++shown;
    if (first < 0) first = row;
  }
  // What is chosen is always seen.
  const QListWidgetItem* current = list_->currentItem();
  if (current == nullptr || current->isHidden()) list_->setCurrentRow(first);
  const auto all = static_cast<int>(cards_.size());
  if (all == 0) {
    count_->setText("No session yet");
  } else if (shown < all) {
    count_->setText(QString("%1 of %2 sessions").arg(shown).arg(all));
  } else {
    count_->setText(all == 1 ? QString("1 session") : QString("%1 sessions").arg(all));
  }
  follow_choice();
}

const SessionCard* SessionsWindow::chosen() const {
  const QListWidgetItem* current = list_->currentItem();
  if (current == nullptr || current->isHidden()) return nullptr;
  const auto row = static_cast<std::size_t>(list_->row(current));
  return row < cards_.size() ? &cards_[row] : nullptr;
}

void SessionsWindow::follow_choice() {
  const SessionCard* card = chosen();
  const bool is_at_rest = card != nullptr && !card->is_recorded_now;
  const bool is_in_repair = card != nullptr && repaired_.contains(QString::fromStdString(card->folder));
  open_->setEnabled(is_at_rest && card->has_video && !is_recording_);
  open_->setToolTip(is_recording_ ? QString("Stop the recording first")
                    : card != nullptr && !card->has_video
                        ? QString("No pictures were kept")
                        : QString("Replay it, both eyes where two were recorded"));
  folder_->setEnabled(card != nullptr);
  for (const OutputButton& output : output_buttons) {
    if (auto* button = findChild<QPushButton*>(output.name))
      button->setEnabled(is_at_rest && !is_in_repair && card->problem.empty());
  }
  findChild<QPushButton*>(viewing_results_name)
      ->setEnabled(is_at_rest && !is_in_repair && card->problem.empty());
  repair_->setEnabled(is_at_rest && card->needs_repair && !is_in_repair);
  repair_->setToolTip("Finishes a session that was cut off; deletes nothing");
  delete_->setEnabled(is_at_rest && !is_in_repair);
}

void SessionsWindow::follow(bool is_recording) {
  if (is_recording == is_recording_) return;
  is_recording_ = is_recording;
  isVisible() ? refresh() : follow_choice();
}

void SessionsWindow::show_notice(const Notice& notice) {
  if (repaired_.isEmpty()) return;
  refresh();
  // Other things are told, too: this one is over when the session is whole, or something went wrong.
  const auto before = repaired_.size();
  for (const SessionCard& card : cards_) {
    if (!card.needs_repair || notice.severity != Notice::Severity::info)
      repaired_.remove(QString::fromStdString(card.folder));
  }
  if (repaired_.size() == before) return;
  follow_choice();
  QString text = QString::fromStdString(notice.text);
  if (!notice.remedy.empty()) text += ". " + QString::fromStdString(notice.remedy);
  show_text(*text_, text.left(1).toUpper() + text.mid(1));
}

void SessionsWindow::open_chosen() {
  const SessionCard* card = chosen();
  if (card == nullptr) return;
  SourceRequest request;
  request.kind = SourceRequest::Kind::recorded_session;
  request.location = card->folder;
  request.mode = TrackingMode::automatic;
  Q_EMIT open_wanted(request);
  close();
}

void SessionsWindow::repair_chosen() {
  const SessionCard* card = chosen();
  if (card == nullptr) return;
  const QString folder = QString::fromStdString(card->folder);
  repaired_.insert(folder);
  show_text(*text_, "Repairing " + quoted_title(*card) + "…");
  follow_choice();
  Q_EMIT repair_wanted(folder);
}

void SessionsWindow::ask_to_delete() {
  const SessionCard* card = chosen();
  if (card == nullptr) return;
  auto* question =
      new QMessageBox(QMessageBox::Question, "Delete a session",
                      "Move " + quoted_title(*card) + " (" + card_facts(*card) + ") to the trash?",
                      QMessageBox::Cancel, this);
  question->setObjectName("session_delete_question");
  question->setTextFormat(Qt::PlainText);
  question->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* yes = question->addButton("Move to the trash", QMessageBox::DestructiveRole);
  yes->setObjectName("session_delete_yes");
  connect(yes, &QPushButton::clicked, this, [this, gone = *card] { move_to_trash(gone); });
  question->open();
}

void SessionsWindow::move_to_trash(const SessionCard& card) {
  const auto moved = control_.move_to_trash(card.folder);
  refresh();
  show_text(*text_, moved ? quoted_title(card) + " is in the trash."
                          : quoted_title(card) +
                                " was not deleted: " + QString::fromStdString(moved.error().to_text()));
}

}  // namespace yarbus::ui
