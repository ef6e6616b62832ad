#pragma once

#include <Eigen/Core>

#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus {

/// Where a point of the screen lies for an eye in front of the screen's middle, at the distance asked for, as
/// tangents of angles.
inline Eigen::Vector2d expected_tangents(const ScreenGeometry& screen,
                                         const Eigen::Vector2d& point_in_screen_mm) {
  return (point_in_screen_mm - 0.5 * Eigen::Vector2d(screen.width_mm, screen.height_mm)) /
         screen.viewing_distance_mm;
}

/// Angle by which that eye turns from one point of the screen to another, rad.
inline double expected_turn_rad(const ScreenGeometry& screen, const Eigen::Vector2d& from_in_screen_mm,
                                const Eigen::Vector2d& to_in_screen_mm) {
  return angle_between_rad(expected_tangents(screen, from_in_screen_mm).homogeneous(),
                           expected_tangents(screen, to_in_screen_mm).homogeneous());
}

}  // namespace yarbus
