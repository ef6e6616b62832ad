#include "ui/calibration/calibration_tools.h"

#include <QCursor>
#include <QGuiApplication>

namespace yarbus::ui {

CalibrationTools::CalibrationTools(CalibrationControl& control, Presenter& presenter, WindowActions& actions,
                                   QSettings& settings, QWidget* window)
    : QObject(window),
      control_(control),
      actions_(actions),
      settings_(settings),
      wizard_(new CalibrationWizard(control, presenter, settings, window)),
      overlay_(control),
      chip_(new DriftChip(actions, window)),
      clicks_(control, [this] { return calibrated_scale(); }) {
  connect_actions();
  connect(wizard_, &CalibrationWizard::said, this, &CalibrationTools::said);
  connect(&presenter, &Presenter::health_changed, this, &CalibrationTools::follow);
  follow();
}

void CalibrationTools::connect_actions() {
  // Their keys work while the wizard has the focus, too.
  wizard_->addActions({actions_.check_point, actions_.recentre, actions_.recentre_at_mouse,
                       actions_.undo_recentre, actions_.gaze_overlay});
  const auto on = [this](QAction* action, auto&& command) {
    connect(action, &QAction::triggered, this, command);
  };
  on(actions_.calibrate, [this] { wizard_->open_setup(); });
  on(actions_.check_point, [this] { wizard_->check(false); });
  on(actions_.recentre, [this] { wizard_->check(true); });
  on(actions_.recentre_at_mouse, [this] { recentre_at_mouse(); });
  on(actions_.undo_recentre, [this] {
    control_.undo_recentre();
    follow();
  });
  on(actions_.calibrate_region, [this] { wizard_->open_region(); });
  on(actions_.show_calibration, [this] { wizard_->open_result(); });
  on(actions_.saved_calibrations, [this] { wizard_->open_saved(); });
  on(actions_.calibration_demo, [this] { wizard_->open_setup(true); });
  on(actions_.gaze_overlay, [this](bool wanted) { show_overlay(wanted); });
  on(actions_.use_clicks, [this](bool allowed) {
    control_.use_clicks(allowed);
    follow();
  });
  for (QAction* filter : actions_.filters)
    on(filter, [this, filter] { control_.set_filter(static_cast<GazeFilter>(filter->data().toInt())); });
}

std::optional<ScreenScale> CalibrationTools::calibrated_scale() const {
  const CalibrationSnapshot now = control_.snapshot();
  // What is clicked or looked at during the procedure is the procedure's business.
  if (!now.result || (now.phase != ProcedurePhase::idle && now.phase != ProcedurePhase::done &&
                      now.phase != ProcedurePhase::aborted))
    return std::nullopt;
  const auto monitor = monitor_for(now.result->screen, list_monitors(), last_monitor_key(settings_));
  if (!monitor) return std::nullopt;
  return desktop_scale(*monitor, now.result->screen);
}

void CalibrationTools::recentre_at_mouse() {
  const auto scale = calibrated_scale();
  if (scale && scale->area().contains(QCursor::pos())) {
    control_.recentre_at(scale->mm_of(QCursor::pos()));
    follow();
    return;
  }
  Q_EMIT said(
      Notice::Severity::warning, "not recentred: the mouse is not on a calibrated monitor",
      "Calibrate first (Ctrl+K), or move the mouse to that monitor, look at its pointer and press again");
}

void CalibrationTools::show_overlay(bool is_wanted) {
  shown_for_.reset();
  if (!is_wanted) {
    overlay_.hide();
    return;
  }
  const CalibrationResultPtr result = control_.snapshot().result;
  const auto monitor = result ? monitor_for(result->screen, list_monitors(), last_monitor_key(settings_))
                              : std::optional<Monitor>();
  if (!monitor) {
    actions_.gaze_overlay->setChecked(false);
    overlay_.hide();
    Q_EMIT said(Notice::Severity::warning,
                result ? "no gaze overlay: no monitor here has the calibrated one's pixels"
                       : "no gaze overlay: there is no calibration in force",
                "Calibrate first (Ctrl+K)");
    return;
  }
  shown_for_ = result;
  overlay_.show_on(*monitor, result->screen, find_screen(monitor->key));
  const QString notice = GazeOverlay::platform_notice(QGuiApplication::platformName());
  if (!notice.isEmpty()) Q_EMIT said(Notice::Severity::warning, notice, {});
}

void CalibrationTools::follow() {
  const ScreenGazeSnapshot gaze = control_.gaze();
  const CalibrationSnapshot now = control_.snapshot();
  chip_->follow(gaze);
  wizard_->notice(now.phase);
  for (QAction* action : {actions_.check_point, actions_.recentre, actions_.recentre_at_mouse,
                          actions_.calibrate_region, actions_.show_calibration})
    action->setEnabled(gaze.is_calibrated || now.result != nullptr);
  actions_.undo_recentre->setEnabled(gaze.is_recentred);
  actions_.use_clicks->setChecked(gaze.uses_clicks);
  for (QAction* filter : actions_.filters) {
    if (filter->data().toInt() == static_cast<int>(gaze.filter)) filter->setChecked(true);
  }
  clicks_.watch(gaze.uses_clicks);
  // Another calibration may be of another monitor.
  if (actions_.gaze_overlay->isChecked() && now.result != shown_for_) {
    if (now.result) {
      show_overlay(true);
    } else {
      actions_.gaze_overlay->setChecked(false);
      show_overlay(false);
    }
  }
}

}  // namespace yarbus::ui
