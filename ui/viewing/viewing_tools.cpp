#include "ui/viewing/viewing_tools.h"

#include "ui/calibration/setup_choices.h"
#include "ui/recording/recording_words.h"

namespace yarbus::ui {

namespace {

bool is_at_work(ViewingStage stage) {
  return stage == ViewingStage::starting || stage == ViewingStage::running ||
         stage == ViewingStage::finishing;
}

bool is_watching_live(const EyeSnapshot& eye) {
  return eye.source.is_live && eye.source.state == PlaybackState::playing;
}

bool is_calibrating(ProcedurePhase phase) {
  return phase != ProcedurePhase::idle && phase != ProcedurePhase::done && phase != ProcedurePhase::aborted;
}

}  // namespace

ViewingTools::ViewingTools(Session& session, Presenter& presenter, WindowActions& actions,
                           QSettings& settings, QWidget* window)
    : QObject(window),
      session_(session),
      control_(session.viewing()),
      presenter_(presenter),
      actions_(actions),
      settings_(settings),
      window_(window) {
  timer_.setTimerType(Qt::PreciseTimer);
  timer_.setInterval(display_interval_ms);
  connect(&timer_, &QTimer::timeout, this, &ViewingTools::poll);
  actions_.viewing->setEnabled(control_ != nullptr);
  if (control_ == nullptr) return;
  connect(actions_.viewing, &QAction::triggered, this, &ViewingTools::open_dialog);
  connect(&presenter_, &Presenter::health_changed, this, &ViewingTools::follow_dialog);
  connect(&presenter_, &Presenter::source_changed, this, &ViewingTools::follow_dialog);
}

ViewingDialog& ViewingTools::dialog() {
  if (dialog_ == nullptr) {
    dialog_ = new ViewingDialog(settings_, window_);
    connect(dialog_, &ViewingDialog::start_wanted, this, &ViewingTools::start);
    connect(dialog_, &ViewingDialog::calibrate_wanted, this, [this] { actions_.calibrate->trigger(); });
  }
  return *dialog_;
}

ViewingResultsWindow& ViewingTools::results() {
  if (results_ == nullptr)
    results_ = new ViewingResultsWindow(*control_, session_.recording(), settings_, window_);
  return *results_;
}

void ViewingTools::open_dialog() {
  if (control_ == nullptr) return;
  if (is_at_work(control_->snapshot().stage) && show_ != nullptr) {
    show_->raise();
    show_->activateWindow();
    return;
  }
  dialog().follow(obstacle());
  dialog().show();
  dialog().raise();
  dialog().activateWindow();
}

void ViewingTools::open_results(const QString& session_folder) {
  if (control_ != nullptr) results().open_session(session_folder);
}

std::optional<Monitor> ViewingTools::calibrated_monitor() const {
  const CalibrationResultPtr result = session_.calibration().snapshot().result;
  if (!result) return std::nullopt;
  return monitor_for(result->screen, list_monitors(), last_monitor_key(settings_));
}

ViewingDialog::Obstacle ViewingTools::obstacle() const {
  const CalibrationSnapshot calibration = session_.calibration().snapshot();
  if (is_at_work(control_->snapshot().stage)) return {"A viewing session is under way.", false};
  if (is_calibrating(calibration.phase)) return {"A calibration is under way: finish it first.", false};
  if (!is_watching_live(presenter_.snapshot(EyeSide::right)) &&
      !is_watching_live(presenter_.snapshot(EyeSide::left)))
    return {
        "No camera is watching an eye or a face now. Open one (Ctrl+O), or try it with a simulated "
        "participant: Calibration, Demo (Ctrl+Shift+M).",
        false};
  if (!calibration.result)
    return {
        "There is no calibration in force: where on the picture the gaze is would not be known. Calibrate "
        "first, or try it with a simulated participant: Calibration, Demo (Ctrl+Shift+M).",
        true};
  if (!calibrated_monitor())
    return {"No monitor here has the calibrated one's pixels. Calibrate on a monitor that is there.", true};
  if (session_.recording().library().empty() && !is_active(session_.recording().snapshot()))
    return {"There is no folder for sessions, so nothing can be recorded.", false};
  return {};
}

void ViewingTools::follow_dialog() {
  if (dialog_ != nullptr && dialog_->isVisible()) dialog_->follow(obstacle());
}

void ViewingTools::start() {
  const auto monitor = calibrated_monitor();
  const CalibrationResultPtr result = session_.calibration().snapshot().result;
  const StimulusPicture* picture = dialog().picture();
  if (!monitor || !result || picture == nullptr || !obstacle().text.isEmpty()) return follow_dialog();
  ViewingRequest request;
  request.plan = dialog().plan();
  request.picture_width_px = picture->size_px().width();
  request.picture_height_px = picture->size_px().height();
  request.screen = result->screen;
  request.picture = place_for_picture(picture->size_px(), result->screen);
  const ViewingSetup setup{
      request.plan, "", request.picture_width_px, request.picture_height_px, request.picture, request.screen};
  for (const QPointF& detail : picture->details())
    request.details_in_screen_mm.push_back(setup.screen_mm({detail.x(), detail.y()}));
  request.recording = dialog().recording();
  dialog().hide();
  // A viewer who sees the own gaze looks at that.
  hides_overlay_ = actions_.gaze_overlay->isChecked();
  if (hides_overlay_) actions_.gaze_overlay->trigger();
  if (show_ == nullptr) show_ = std::make_unique<ViewingShowWindow>(*control_);
  show_->show_on(*monitor, find_screen(monitor->key), result->screen, request.picture, *picture);
  presenter_.rest(true);
  control_->start(request);
  timer_.start();
  poll();
}

void ViewingTools::poll() {
  if (!timer_.isActive()) return;
  const ViewingView now = control_->snapshot();
  if (show_ != nullptr) show_->follow(now);
  if (!is_at_work(now.stage)) end(now);
}

void ViewingTools::end(const ViewingView& now) {
  timer_.stop();
  presenter_.rest(false);
  presenter_.hurry();
  if (show_ != nullptr) show_->hide();
  if (hides_overlay_ && !actions_.gaze_overlay->isChecked()) actions_.gaze_overlay->trigger();
  hides_overlay_ = false;
  if (now.stage == ViewingStage::failed) {
    const QString problem = QString::fromStdString(now.problem);
    Q_EMIT said(Notice::Severity::error, "the viewing session ended: " + problem, {});
    if (now.pictures_shown == 0) {
      open_dialog();
      dialog().show_problem(problem.left(1).toUpper() + problem.mid(1));
      return;
    }
  }
  if (now.pictures_shown > 0) {
    open_results(QString::fromStdString(now.session_folder));
  } else if (now.was_cancelled) {
    Q_EMIT said(Notice::Severity::info, "the viewing session was ended before a picture had been seen", {});
  }
}

}  // namespace yarbus::ui
