#include "ui/recording/export_dialog.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QMetaObject>
#include <QVBoxLayout>
#include <array>
#include <exception>
#include <utility>

#include <pthread.h>

#include "ui/calibration/page_parts.h"
#include "ui/recording/recording_words.h"
#include "ui/report/session_report.h"

namespace yarbus::ui {

namespace {

constexpr int export_width_px = 620;
constexpr int whole = 1000;  ///< steps of the progress bar

struct FormatChoice {
  const char* name;
  const char* title;
  const char* explanation;
};

constexpr std::array format_choices{
    FormatChoice{"csv", "Tables (CSV)", "A table each of frames, pupils, gaze, events and so on."},
    FormatChoice{"pupil-csv", "Pupil Player's tables (CSV)",
                 "As Pupil Player's raw data exporter writes them."},
    FormatChoice{"pupil-recording", "Pupil Player recording",
                 "A recording folder with its videos, to be opened in Pupil Player."},
    FormatChoice{"bids", "BIDS dataset", "Eye tracking as the Brain Imaging Data Structure 1.11 has it."},
    FormatChoice{"matlab", "MATLAB file", "The tables in one MAT-file."},
    FormatChoice{ExportDialog::report_format, "Report on data quality (PDF)",
                 "Accuracy, precision, data loss and the intervals between frames, with plots."},
};

/// What `work` may throw becomes an error of `Value`.
template <class Value, class Call>
Result<Value> guarded(const Call& work) {
  try {
    return work();
  } catch (const std::exception& exception) {
    return Error{ErrorCode::internal, exception.what(), "export thread",
                 "This is a fault in Yarbus: please report it with the log"};
  }
}

/// The first of "x", "x-2", "x-3" that is not there.
QString free_path(const QString& stem, const QString& suffix) {
  QString path = stem + suffix;
  for (int number = 2; QFileInfo::exists(path); ++number) path = stem + QString("-%1").arg(number) + suffix;
  return path;
}

QString sentences(const std::vector<std::string>& notes) {
  QString text;
  for (const std::string& note : notes) {
    text += "\n" + QString::fromStdString(note);
    if (!text.endsWith('.')) text += '.';
  }
  return text;
}

QPushButton* export_button(const QString& text, const QString& name, QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setObjectName(name);
  button->setAutoDefault(false);
  return button;
}

}  // namespace

ExportDialog::ExportDialog(const SessionOutputs& outputs, const SessionCard& card, const QString& format,
                           const QString& parent_folder, QWidget* parent)
    : QDialog(parent),
      outputs_(outputs),
      card_(card),
      format_(new QComboBox(this)),
      explanation_(wrapped_label({}, this)),
      results_(new QComboBox(this)),
      path_label_(new QLabel(this)),
      path_(new QLineEdit(this)),
      choose_(export_button("C&hoose…", "export_choose", this)),
      progress_(new QProgressBar(this)),
      text_(wrapped_label({}, this)),
      start_(export_button("&Export", "export_start", this)),
      show_(export_button("&Show folder", "export_show", this)),
      close_(export_button("Close", "export_close", this)),
      parent_folder_(parent_folder) {
  setObjectName("export_session_dialog");
  setWindowTitle("Export “" + card_title(card) + "”");
  format_->setObjectName("export_format");
  for (const FormatChoice& choice : format_choices) format_->addItem(choice.title, choice.name);
  format_->setCurrentIndex(std::max(0, format_->findData(format)));
  results_->setObjectName("export_results");
  results_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  path_->setObjectName("export_path");
  path_label_->setBuddy(path_);  // before its text, which is measured with or without the mnemonic's mark
  path_label_->setText("&Save as");
  progress_->setObjectName("export_progress");
  progress_->setRange(0, whole);
  progress_->setVisible(false);
  text_->setObjectName("export_text");
  text_->setTextFormat(Qt::PlainText);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  start_->setDefault(true);

  auto* where = new QHBoxLayout;
  where->addWidget(path_, 1);
  where->addWidget(choose_);
  auto* form = new QFormLayout;
  form->setVerticalSpacing(10);
  form->addRow("&Format", format_);
  form->addRow(QString(), explanation_);
  form->addRow("&Results", results_);
  form->addRow(path_label_, where);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(show_);
  buttons->addStretch(1);
  buttons->addWidget(start_);
  buttons->addWidget(close_);
  auto* column = new QVBoxLayout(this);
  column->setSpacing(12);
  column->addLayout(form);
  column->addWidget(progress_);
  column->addWidget(text_);
  column->addStretch(1);
  column->addLayout(buttons);
  resize(export_width_px, sizeHint().height());

  connect(format_, &QComboBox::currentIndexChanged, this, &ExportDialog::follow_format);
  connect(path_, &QLineEdit::textChanged, this, &ExportDialog::follow_state);
  connect(choose_, &QPushButton::clicked, this, &ExportDialog::choose_path);
  connect(start_, &QPushButton::clicked, this, &ExportDialog::begin);
  connect(show_, &QPushButton::clicked, this, [this] { Q_EMIT folder_wanted(written_folder_); });
  connect(close_, &QPushButton::clicked, this, &ExportDialog::reject);
  show_text(*text_, {});
  list_results();
  follow_format();
}

ExportDialog::~ExportDialog() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

QString ExportDialog::format() const { return format_->currentData().toString(); }

void ExportDialog::list_results() {
  const auto results = outputs_.results_of(card_.folder);
  can_be_read_ = results.has_value();
  if (!results) {
    show_text(*text_, QString::fromStdString(results.error().to_text()));
    return;
  }
  for (const SessionResults& one : *results)
    results_->addItem(
        one.analysis == 0
            ? QString("of the recording")
            : QString("of analysis %1: %2").arg(one.analysis).arg(QString::fromStdString(one.name)),
        QVariant::fromValue<qlonglong>(one.analysis));
}

void ExportDialog::follow_format() {
  explanation_->setText(format_choices.at(static_cast<std::size_t>(format_->currentIndex())).explanation);
  const QString name = QFileInfo(QString::fromStdString(card_.folder)).fileName();
  path_->setText(free_path(QDir(parent_folder_).filePath(name + "-" + format()), is_report() ? ".pdf" : ""));
  follow_state();
}

void ExportDialog::follow_state() {
  for (QWidget* field : {static_cast<QWidget*>(format_), static_cast<QWidget*>(results_),
                         static_cast<QWidget*>(path_), static_cast<QWidget*>(choose_)})
    field->setEnabled(!is_running_);
  start_->setEnabled(!is_running_ && can_be_read_ && !path_->text().trimmed().isEmpty());
  show_->setVisible(!is_running_ && !written_folder_.isEmpty());
  close_->setText(is_running_ ? "Cancel" : "Close");
  progress_->setVisible(is_running_);
}

void ExportDialog::choose_path() {
  auto* dialog = new QFileDialog(this, is_report() ? "Save the report as" : "Export into a new folder");
  dialog->setObjectName("export_choose_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  const QFileInfo now(path_->text());
  dialog->setDirectory(now.absolutePath());
  if (is_report()) {
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter("PDF (*.pdf)");
    dialog->setDefaultSuffix("pdf");
    dialog->setOption(QFileDialog::DontConfirmOverwrite);
    dialog->selectFile(now.fileName());
  } else {
    dialog->setFileMode(QFileDialog::Directory);
  }
  connect(dialog, &QFileDialog::fileSelected, this, [this, now](const QString& chosen) {
    // A folder with something in it is where the new one goes.
    const bool is_inside = !is_report() && !QDir(chosen).isEmpty();
    path_->setText(is_inside ? free_path(QDir(chosen).filePath(now.fileName()), "") : chosen);
  });
  dialog->open();
}

void ExportDialog::begin() {
  if (is_running_ || !start_->isEnabled()) return;
  const QString path = QFileInfo(path_->text().trimmed()).absoluteFilePath();
  if (is_report() && QFileInfo::exists(path)) {
    show_text(*text_, "There is a file " + path + " already. Choose another name.");
    return;
  }
  is_running_ = true;
  closes_at_end_ = false;
  written_folder_.clear();
  progress_->setRange(0, is_report() ? 0 : whole);
  progress_->setValue(0);
  show_text(*text_, is_report() ? "Measuring…" : "Exporting…");
  is_report() ? begin_report(path) : begin_export(path);
  follow_state();
}

void ExportDialog::begin_export(const QString& path) {
  ExportWish wish;
  wish.session = card_.folder;
  wish.folder = path.toStdString();
  wish.format = format().toStdString();
  wish.analysis = results_->currentData().toLongLong();
  run([this, wish](const std::stop_token& stop) {
    const auto tell = [this](double share) {
      QMetaObject::invokeMethod(
          this, [this, share] { show_progress(share); }, Qt::QueuedConnection);
    };
    auto exported = guarded<ExportedSession>([&] { return outputs_.export_session(wish, tell, stop); });
    QMetaObject::invokeMethod(
        this, [this, exported = std::move(exported)] { end_export(exported); }, Qt::QueuedConnection);
  });
}

void ExportDialog::begin_report(const QString& path) {
  const std::int64_t analysis = results_->currentData().toLongLong();
  run([this, path, analysis](const std::stop_token&) {
    auto measured = guarded<SessionQualityReport>([&] { return outputs_.measure(card_.folder, analysis); });
    // Painted on the window's thread: plots are widgets. It takes a tenth of a second.
    QMetaObject::invokeMethod(
        this, [this, path, measured = std::move(measured)] { end_report(measured, path); },
        Qt::QueuedConnection);
  });
}

void ExportDialog::run(Work work) {
  thread_ = std::jthread([work = std::move(work)](const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "export");
    work(stop);
  });
}

void ExportDialog::show_progress(double share) {
  if (is_running_) progress_->setValue(static_cast<int>(share * whole));
}

void ExportDialog::end_export(const Result<ExportedSession>& exported) {
  if (!exported) return end_with(exported.error());
  const QString folder = QString::fromStdString(exported->folder);
  end_with(QString(exported->files == 1 ? "%1 file is in %2." : "%1 files are in %2.")
                   .arg(exported->files)
                   .arg(folder) +
               sentences(exported->notes),
           folder);
}

void ExportDialog::end_report(const Result<SessionQualityReport>& measured, const QString& path) {
  if (!measured) return end_with(measured.error());
  if (thread_.get_stop_token().stop_requested())
    return end_with(Error{ErrorCode::interrupted, "stopped", "", ""});
  if (const auto done = write_session_report(*measured, path); !done) return end_with(done.error());
  end_with("The report is in " + path + ".", QFileInfo(path).absolutePath());
}

void ExportDialog::end_with(const QString& text, const QString& folder) {
  is_running_ = false;
  written_folder_ = folder;
  parent_folder_ = QFileInfo(path_->text()).absolutePath();
  show_text(*text_, text);
  follow_state();
  Q_EMIT written(parent_folder_);
  if (closes_at_end_) QDialog::reject();
}

void ExportDialog::end_with(const Error& error) {
  is_running_ = false;
  show_text(*text_, error.code == ErrorCode::interrupted
                        ? QString("Stopped: nothing was written.")
                        : "Nothing was written: " + QString::fromStdString(error.to_text()));
  follow_state();
  if (closes_at_end_) QDialog::reject();
}

void ExportDialog::reject() {
  if (!is_running_) return QDialog::reject();
  // Cancel stops; what closes the dialog meanwhile waits for the end.
  closes_at_end_ = sender() != close_;
  thread_.request_stop();
  show_text(*text_, "Stopping…");
}

}  // namespace yarbus::ui
