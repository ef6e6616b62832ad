#pragma once

#include <QImage>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/image.h"

namespace yarbus::ui {

/// A view of a calibration board. Points: image, px.
struct CalibrationOverlay {
  GrayView image;
  std::vector<Eigen::Vector2d> found_px;
  std::vector<Eigen::Vector2d> fitted_px;  ///< where the camera puts them; as many, or none
  std::string caption;
};

/// The image with a ring on every point found, a cross where the fit puts it, and the difference 20 times
/// enlarged as a line.
QImage paint_calibration(const CalibrationOverlay& overlay);

}  // namespace yarbus::ui
