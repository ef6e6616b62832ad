#pragma once

#include <QObject>
#include <QSettings>
#include <memory>
#include <optional>

#include "app/session/session.h"
#include "ui/calibration/calibration_wizard.h"
#include "ui/calibration/click_watch.h"
#include "ui/calibration/drift_chip.h"
#include "ui/calibration/gaze_overlay.h"
#include "ui/presenter.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// Calibration as the main window has it: connects the menu's actions to the wizard, the overlay, the drift
/// chip and the watch on clicks, and follows the session's state a few times a second.
class CalibrationTools : public QObject {
  Q_OBJECT
 public:
  CalibrationTools(CalibrationControl& control, Presenter& presenter, WindowActions& actions,
                   QSettings& settings, QWidget* window);

  [[nodiscard]] DriftChip* chip() const { return chip_; }
  [[nodiscard]] CalibrationWizard& wizard() { return *wizard_; }
  [[nodiscard]] GazeOverlay& overlay() { return overlay_; }
  /// Looks at the state once; the presenter's slow turns call it.
  void follow();

 Q_SIGNALS:
  void said(yarbus::Notice::Severity severity, const QString& text, const QString& remedy);

 private:
  void connect_actions();
  void show_overlay(bool is_wanted);
  void recentre_at_mouse();
  [[nodiscard]] std::optional<ScreenScale> calibrated_scale() const;

  CalibrationControl& control_;
  WindowActions& actions_;
  QSettings& settings_;
  CalibrationWizard* wizard_;
  GazeOverlay overlay_;
  DriftChip* chip_;
  ClickWatch clicks_;
  CalibrationResultPtr shown_for_;  ///< what the overlay was placed by
};

}  // namespace yarbus::ui
