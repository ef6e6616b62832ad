#pragma once

#include <Eigen/Core>

namespace yarbus {

/// The screen that targets are shown on. Units: mm, px.
struct ScreenGeometry {
  double width_mm = 0.0;
  double height_mm = 0.0;
  int width_px = 0;
  int height_px = 0;
  double viewing_distance_mm = 600.0;  ///< as asked, from the eyes to the screen's middle
};

/// A part of the screen. Frames & units: screen, mm.
struct ScreenRegion {
  Eigen::Vector2d low_mm = Eigen::Vector2d::Zero();
  Eigen::Vector2d high_mm = Eigen::Vector2d::Zero();
};

}  // namespace yarbus
