#pragma once

#include <chrono>
#include <cmath>
#include <numbers>

#include <Eigen/Core>
#include <Eigen/Geometry>

#include "calibration/calibration_sample.h"

namespace yarbus {

constexpr double radians_of(double deg) { return deg * std::numbers::pi / 180.0; }
constexpr double degrees_of(double rad) { return rad * 180.0 / std::numbers::pi; }

inline CaptureTime time_from_seconds(double seconds) {
  return CaptureTime(static_cast<CaptureTime::rep>(std::llround(seconds * 1e9)));
}
inline double seconds_of(CaptureTime time) { return std::chrono::duration<double>(time).count(); }

/// Angle between two directions of any length, rad; exact for small angles too.
inline double angle_between_rad(const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  return std::atan2(a.cross(b).norm(), a.dot(b));
}

/// Every number of the ray is one, and its axis is a unit vector.
inline bool is_valid(const EyeRay& ray) {
  return ray.eye_center_in_cam_mm.allFinite() && ray.optical_axis_in_cam.allFinite() &&
         ray.axis_covariance_in_cam.allFinite() && std::isfinite(ray.confidence) &&
         std::abs(ray.optical_axis_in_cam.squaredNorm() - 1.0) < 0.01;
}

/// Directions near one direction as points of the plane that touches the unit sphere there (gnomonic
/// projection). Units: tangents, so rad near the middle.
class TangentPlane {
 public:
  explicit TangentPlane(const Eigen::Vector3d& middle)
      : middle_(middle.normalized()), first_(middle_.unitOrthogonal()), second_(middle_.cross(first_)) {}
  /// A direction behind the plane has no place on it and gives NaN.
  [[nodiscard]] Eigen::Vector2d project(const Eigen::Vector3d& direction) const {
    const double along = direction.dot(middle_);
    if (!(along > 0.0)) return Eigen::Vector2d::Constant(std::nan(""));
    return {direction.dot(first_) / along, direction.dot(second_) / along};
  }

 private:
  Eigen::Vector3d middle_;
  Eigen::Vector3d first_;
  Eigen::Vector3d second_;
};

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
