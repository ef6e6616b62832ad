#pragma once

#include <array>
#include <cmath>

#include <Eigen/Core>
#include <Eigen/LU>

#include "eyemodel/types/frames.h"

namespace yarbus {

/// Where somebody looks on the screen, and how sure that is. Frames & units: screen, mm.
struct GazePoint {
  Eigen::Vector2d point_in_screen_mm = Eigen::Vector2d::Zero();
  /// Of the point about what is looked at: the fixation's own jitter is in it.
  Eigen::Matrix2d covariance_mm2 = Eigen::Matrix2d::Zero();
  std::array<bool, 2> eyes{};  ///< which eyes it rests on, by EyeSide

  [[nodiscard]] bool uses(EyeSide side) const { return eyes[static_cast<std::size_t>(side)]; }
  /// Whether the stated region of that probability (0..1, exclusive) holds a point of the screen (mm).
  [[nodiscard]] bool region_holds(const Eigen::Vector2d& other_in_screen_mm, double share) const {
    const Eigen::Vector2d off = other_in_screen_mm - point_in_screen_mm;
    return off.dot(covariance_mm2.inverse() * off) <= -2.0 * std::log(1.0 - share);
  }
};

}  // namespace yarbus
