#pragma once

#include <chrono>
#include <cmath>
#include <numbers>

#include <Eigen/Core>
#include <Eigen/Geometry>

#include "eyemodel/types/frame_time.h"

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

}  // namespace yarbus
