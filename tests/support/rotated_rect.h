#pragma once

#include <cmath>
#include <numbers>
#include <utility>

#include <opencv2/core/types.hpp>

#include "eyemodel/types/ellipse.h"

namespace yarbus::test {

/// OpenCV's ellipse: full side lengths in any order, degrees clockwise on the screen to the side `width`.
inline Ellipse ellipse_from(const cv::RotatedRect& rect) {
  Ellipse ellipse;
  ellipse.center_px = {rect.center.x, rect.center.y};
  ellipse.semi_major_px = 0.5 * static_cast<double>(rect.size.width);
  ellipse.semi_minor_px = 0.5 * static_cast<double>(rect.size.height);
  double angle_rad = static_cast<double>(rect.angle) * std::numbers::pi / 180.0;
  if (ellipse.semi_major_px < ellipse.semi_minor_px) {
    std::swap(ellipse.semi_major_px, ellipse.semi_minor_px);
    angle_rad += 0.5 * std::numbers::pi;
  }
  angle_rad = std::fmod(angle_rad, std::numbers::pi);
  ellipse.angle_rad = angle_rad < 0.0 ? angle_rad + std::numbers::pi : angle_rad;
  return ellipse;
}

}  // namespace yarbus::test
