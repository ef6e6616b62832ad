#pragma once

#include <QSettings>
#include <QString>

#include "app/session/calibration_view.h"

namespace yarbus::ui {

/// What the setup page asks, apart from the monitor's size, which is remembered with the monitor.
struct SetupChoices {
  QString monitor_key;
  double viewing_distance_mm = 600.0;
  TargetLayout layout = TargetLayout::nine;
  int validation_points = 4;
  bool advance_by_key = false;
  bool is_camera_on_head = true;
  bool head_pass = true;  ///< asked with a webcam only
  QString name;           ///< never remembered
};

SetupChoices load_setup(const QSettings& settings);
void save_setup(QSettings& settings, const SetupChoices& choices);
/// The key of the monitor used last.
QString last_monitor_key(const QSettings& settings);

CalibrationRequest request_of(const SetupChoices& choices, const ScreenGeometry& screen);

}  // namespace yarbus::ui
