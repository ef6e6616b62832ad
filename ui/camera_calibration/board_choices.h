#pragma once

#include <QSettings>

#include "app/session/camera_calibration_control.h"

namespace yarbus::ui {

/// The board used last; at first a chessboard that fits A4 paper. What the settings hold wrongly is left out.
CameraCalibrationSetup load_board(const QSettings& settings);
void save_board(QSettings& settings, const CameraCalibrationSetup& setup);

}  // namespace yarbus::ui
