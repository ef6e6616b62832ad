#include "ui/recording/record_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QRadioButton>
#include <QVBoxLayout>

#include "ui/calibration/page_parts.h"

namespace yarbus::ui {

namespace {

constexpr int lossy_id = 1;
constexpr int dialog_width_px = 520;

QRadioButton* add_choice(QButtonGroup* group, int id, const QString& text, const char* name,
                         QVBoxLayout* column) {
  auto* choice = new QRadioButton(text);
  choice->setObjectName(name);
  group->addButton(choice, id);
  column->addWidget(choice);
  return choice;
}

}  // namespace

RecordDialog::RecordDialog(const QString& library, const std::optional<RecordingWish>& last, QWidget* parent)
    : QDialog(parent),
      name_(new QLineEdit(this)),
      participant_(new QLineEdit(this)),
      notes_(new QPlainTextEdit(this)),
      parts_(new QButtonGroup(this)),
      codecs_(new QButtonGroup(this)) {
  setObjectName("record_dialog");
  setWindowTitle("Record");
  const RecordingWish first = last.value_or(RecordingWish{});
  name_->setObjectName("record_name");
  name_->setPlaceholderText("date and time");
  name_->setText(QString::fromStdString(first.name));
  participant_->setObjectName("record_participant");
  participant_->setText(QString::fromStdString(first.participant));
  notes_->setObjectName("record_notes");
  notes_->setPlainText(QString::fromStdString(first.notes));
  notes_->setTabChangesFocus(true);
  notes_->setFixedHeight(notes_->fontMetrics().lineSpacing() * 3 + 12);
  auto* form = new QFormLayout;
  form->setVerticalSpacing(10);
  form->addRow("&Name", name_);
  form->addRow("&Participant", participant_);
  form->addRow("N&otes", notes_);
  form->addRow("Keep", make_parts(first.parts));
  codec_box_ = make_codecs(first.lossy_video);
  form->addRow("Video", codec_box_);

  auto* privacy = wrapped_label(
      "Pictures of faces and eyes are personal data: keep them only if the person agrees; what you choose "
      "here "
      "is noted in the session.",
      this);
  privacy->setObjectName("record_privacy");
  auto* where =
      wrapped_label(library.isEmpty() ? "There is no folder for sessions, so nothing can be recorded."
                                      : "The session is kept in " + library + ".",
                    this);
  where->setObjectName("record_where");
  where->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  record_ = buttons->addButton("&Record", QDialogButtonBox::AcceptRole);
  record_->setObjectName("record_start");
  record_->setDefault(true);
  record_->setEnabled(!library.isEmpty());
  connect(buttons, &QDialogButtonBox::accepted, this, &RecordDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &RecordDialog::reject);
  connect(parts_, &QButtonGroup::idToggled, this, &RecordDialog::follow_parts);
  auto* column = new QVBoxLayout(this);
  column->setSpacing(12);
  column->addLayout(form);
  column->addWidget(privacy);
  column->addWidget(where);
  column->addWidget(buttons);
  resize(dialog_width_px, sizeHint().height());
  follow_parts();
}

QWidget* RecordDialog::make_parts(RecordedParts checked) {
  auto* box = new QWidget(this);
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  add_choice(parts_, static_cast<int>(RecordedParts::video_and_results), "&Video and results",
             "record_video_and_results", column);
  add_choice(parts_, static_cast<int>(RecordedParts::video_only), "Video on&ly, to be analysed later",
             "record_video_only", column);
  add_choice(parts_, static_cast<int>(RecordedParts::results_only), "Re&sults only: no pictures of anybody",
             "record_results_only", column);
  parts_->button(static_cast<int>(checked))->setChecked(true);
  return box;
}

QWidget* RecordDialog::make_codecs(bool is_lossy) {
  auto* box = new QWidget(this);
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  add_choice(codecs_, 0, "&Without loss: every picture as it was, large files", "record_lossless", column);
  add_choice(codecs_, lossy_id, "&H.264: small files, fine detail is lost", "record_lossy", column);
  codecs_->button(is_lossy ? lossy_id : 0)->setChecked(true);
  return box;
}

void RecordDialog::follow_parts() {
  codec_box_->setEnabled(parts_->checkedId() != static_cast<int>(RecordedParts::results_only));
}

RecordingWish RecordDialog::wish() const {
  RecordingWish wish;
  wish.name = name_->text().trimmed().toStdString();
  wish.participant = participant_->text().trimmed().toStdString();
  wish.notes = notes_->toPlainText().trimmed().toStdString();
  wish.parts = static_cast<RecordedParts>(parts_->checkedId());
  wish.lossy_video = codecs_->checkedId() == lossy_id;
  return wish;
}

void RecordDialog::accept() {
  if (!record_->isEnabled()) return;
  Q_EMIT chosen(wish());
  QDialog::accept();
}

}  // namespace yarbus::ui
