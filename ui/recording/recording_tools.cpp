#include "ui/recording/recording_tools.h"

#include <QDesktopServices>
#include <QInputDialog>
#include <QUrl>

#include "ui/recording/mark_labels_dialog.h"
#include "ui/recording/record_dialog.h"
#include "ui/recording/recording_words.h"

namespace yarbus::ui {

namespace {

bool gives_frames(const EyeSnapshot& eye) {
  const PlaybackState state = eye.source.state;
  return state != PlaybackState::closed && state != PlaybackState::failed && state != PlaybackState::opening;
}

void set_text(QAction& action, const QString& text) {
  if (action.text() != text) action.setText(text);
}

}  // namespace

RecordingTools::RecordingTools(RecordingControl& control, Presenter& presenter, WindowActions& actions,
                               QSettings& settings, RecordButton& button, RecordingStrip& strip,
                               QWidget* window)
    : QObject(window),
      control_(control),
      presenter_(presenter),
      actions_(actions),
      settings_(settings),
      button_(button),
      strip_(strip),
      window_(window),
      labels_(load_mark_labels(settings)) {
  connect_actions();
  connect(&presenter, &Presenter::health_changed, this, &RecordingTools::follow);
  connect(&presenter, &Presenter::source_changed, this, &RecordingTools::follow);
  connect(&presenter, &Presenter::other_eye_changed, this, &RecordingTools::follow);
  connect(&presenter, &Presenter::notice_arrived, this, [this](const Notice& notice) {
    if (sessions_ != nullptr) sessions_->show_notice(notice);
  });
  follow();
}

void RecordingTools::connect_actions() {
  const auto on = [this](QAction* action, auto&& command) {
    connect(action, &QAction::triggered, this, command);
  };
  on(actions_.record, [this] { toggle(); });
  on(actions_.record_at_once, [this] { start_at_once(); });
  for (std::size_t i = 0; i < mark_count; ++i) on(actions_.marks[i], [this, i] { mark(labels_[i]); });
  on(actions_.note, [this] { ask_for_note(); });
  on(actions_.mark_labels, [this] { ask_for_labels(); });
  on(actions_.sessions, [this] { sessions().open_window(); });
}

void RecordingTools::toggle() {
  const RecordingView now = control_.snapshot();
  if (now.is_finishing) return;
  if (now.is_starting || now.is_recording) {
    control_.stop();
    presenter_.hurry();
    follow();
  } else {
    ask_and_start();
  }
}

void RecordingTools::start_at_once() {
  if (is_active(control_.snapshot())) return;
  // What is kept of a person is chosen once before it can be the last choice.
  if (const auto wish = load_wish(settings_)) {
    start(*wish);
  } else {
    ask_and_start();
  }
}

void RecordingTools::ask_and_start() {
  auto* dialog = new RecordDialog(QString::fromStdString(control_.library()), load_wish(settings_), window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &RecordDialog::chosen, this, [this](const RecordingWish& wish) {
    save_wish(settings_, wish);
    start(wish);
  });
  dialog->open();
}

void RecordingTools::start(const RecordingWish& wish) {
  control_.start(wish);
  presenter_.hurry();
  follow();
}

void RecordingTools::mark(const QString& label) {
  const RecordingView now = control_.snapshot();
  control_.annotate(label.toStdString());
  if (now.is_recording) strip_.show_mark(label, now.elapsed);
  presenter_.hurry();
}

void RecordingTools::ask_for_note() {
  auto* dialog = new QInputDialog(window_);
  dialog->setObjectName("note_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle("Note");
  dialog->setLabelText("What happens now? It is noted at the moment when you press Enter.");
  connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& text) {
    if (!text.trimmed().isEmpty()) mark(text.trimmed());
  });
  dialog->open();
}

void RecordingTools::ask_for_labels() {
  auto* dialog = new MarkLabelsDialog(labels_, window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &MarkLabelsDialog::accepted, this, [this, dialog] {
    save_mark_labels(settings_, dialog->labels());
    labels_ = load_mark_labels(settings_);
    follow();
  });
  dialog->open();
}

void RecordingTools::follow() {
  const RecordingView now = control_.snapshot();
  follow_actions(now);
  button_.follow(now);
  strip_.follow(now);
  const bool is_now_active = is_active(now);
  const bool has_turned = is_now_active != was_active_;
  was_active_ = is_now_active;
  if (sessions_ != nullptr) sessions_->follow(is_now_active);
  if (has_turned && !is_now_active) tell_end(now);
}

void RecordingTools::follow_actions(const RecordingView& view) {
  const bool can_start = !is_active(view) && (gives_frames(presenter_.snapshot(EyeSide::right)) ||
                                              gives_frames(presenter_.snapshot(EyeSide::left)));
  set_text(*actions_.record, view.is_starting || view.is_recording ? "&Stop recording" : "&Record…");
  actions_.record->setEnabled(can_start || view.is_starting || view.is_recording);
  actions_.record_at_once->setEnabled(can_start);
  for (std::size_t i = 0; i < mark_count; ++i) {
    QString shown = labels_[i];
    set_text(*actions_.marks[i], QString("&%1  Mark: %2").arg(i + 1).arg(shown.replace('&', "&&")));
    actions_.marks[i]->setEnabled(view.is_recording);
  }
  actions_.note->setEnabled(view.is_recording);
}

void RecordingTools::tell_end(const RecordingView& view) {
  if (view.end_note.empty()) {
    if (view.frames > 0)
      Q_EMIT said(Notice::Severity::info, ended_text(view),
                  "See it with " + actions_.sessions->shortcut().toString(QKeySequence::NativeText));
    return;
  }
  Q_EMIT said(
      Notice::Severity::warning, "the recording ended by itself: " + QString::fromStdString(view.end_note),
      view.folder.empty() ? QString()
                          : "What was recorded until then is kept in " + QString::fromStdString(view.folder));
}

void RecordingTools::look_for_cut_off_sessions() {
  cut_off_.clear();
  QStringList names;
  for (const SessionCard& card : control_.list()) {
    if (!card.needs_repair || card.is_recorded_now) continue;
    cut_off_.push_back(card.folder);
    names << "“" + card_title(card) + "”";
  }
  if (cut_off_.empty()) return;
  constexpr qsizetype most_named = 3;
  const qsizetype unnamed = names.size() - most_named;
  QString list = names.mid(0, most_named).join(", ");
  if (unnamed > 0) list += QString(" and %1 more").arg(unnamed);
  Q_EMIT repair_offered(cut_off_.size() == 1
                            ? "a recording was cut off: " + list
                            : QString("%1 recordings were cut off: ").arg(cut_off_.size()) + list,
                        "A repair finishes what is there and deletes nothing");
}

void RecordingTools::repair_cut_off_sessions() {
  for (const std::string& folder : cut_off_) control_.repair(folder);
  cut_off_.clear();
  presenter_.hurry();
}

SessionsWindow& RecordingTools::sessions() {
  if (sessions_ == nullptr) {
    sessions_ = new SessionsWindow(control_, window_);
    connect(sessions_, &SessionsWindow::open_wanted, this, &RecordingTools::open_wanted);
    connect(sessions_, &SessionsWindow::viewing_wanted, this, &RecordingTools::viewing_wanted);
    connect(sessions_, &SessionsWindow::repair_wanted, this, [this](const QString& folder) {
      control_.repair(folder.toStdString());
      presenter_.hurry();
    });
    connect(sessions_, &SessionsWindow::folder_wanted, this, [this](const QString& folder) {
      if (!QDesktopServices::openUrl(QUrl::fromLocalFile(folder)))
        Q_EMIT said(Notice::Severity::warning, "no program here shows folders",
                    "The session is in " + folder);
    });
    sessions_->follow(is_active(control_.snapshot()));
  }
  return *sessions_;
}

}  // namespace yarbus::ui
