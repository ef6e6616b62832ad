#include "calibration/procedure/pursuit_path.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr double turns_across = 2.0;
constexpr double turns_down = 3.0;

}  // namespace

PursuitPath::PursuitPath(const ScreenGeometry& screen, const Eigen::Vector2d& low_mm,
                         const Eigen::Vector2d& high_mm, double max_speed_deg_s)
    : middle_mm_(0.5 * (low_mm + high_mm)), amplitude_mm_(0.5 * (high_mm - low_mm)) {
  // Seen head-on, speed over distance is the angular speed, and obliquely it is less: a bound.
  const double speed_mm_per_turn =
      2.0 * std::numbers::pi * std::hypot(turns_across * amplitude_mm_.x(), turns_down * amplitude_mm_.y());
  duration_s_ = speed_mm_per_turn / (screen.viewing_distance_mm * radians_of(max_speed_deg_s));
}

Eigen::Vector2d PursuitPath::at(double path_s) const {
  const double phase = 2.0 * std::numbers::pi * path_s / duration_s_;
  return middle_mm_ + Eigen::Vector2d(amplitude_mm_.x() * std::sin(turns_across * phase),
                                      amplitude_mm_.y() * std::sin(turns_down * phase));
}

double PursuitMotion::path_s(CaptureTime at) const {
  const double moved_s = std::max(0.0, seconds_of(at - starts_at));
  return from_path_s + (moved_s < ramp_s ? moved_s * moved_s / (2.0 * ramp_s) : moved_s - 0.5 * ramp_s);
}

CaptureTime PursuitMotion::time_at(double path_s) const {
  const double way_s = std::max(0.0, path_s - from_path_s);
  const double moved_s = way_s < 0.5 * ramp_s ? std::sqrt(2.0 * ramp_s * way_s) : way_s + 0.5 * ramp_s;
  return starts_at + time_from_seconds(moved_s);
}

}  // namespace yarbus
