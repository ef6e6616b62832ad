#include "tracker/events/gaze_series.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

Error times_error(std::size_t index, const std::string& what) {
  return {ErrorCode::input_unreadable, what, "gaze sample " + std::to_string(index),
          "Sort the samples by capture time and keep one of each time"};
}

}  // namespace

GazeAxes GazeAxes::at(const Eigen::Vector3d& unit_direction) {
  Eigen::Vector3d right = Eigen::Vector3d::UnitY().cross(unit_direction);
  const double length = right.norm();
  right = length > 1e-6 ? Eigen::Vector3d(right / length) : unit_direction.unitOrthogonal();
  return {right, right.cross(unit_direction)};
}

Eigen::Vector3d direction_from_angles_deg(double azimuth_deg, double elevation_deg) {
  const double azimuth = radians_of(azimuth_deg);
  const double elevation = radians_of(elevation_deg);
  return {std::sin(azimuth) * std::cos(elevation), -std::sin(elevation),
          std::cos(azimuth) * std::cos(elevation)};
}

Eigen::Vector2d angular_step_deg(const Eigen::Vector3d& from, const Eigen::Vector3d& to) {
  const GazeAxes axes = GazeAxes::at(from);
  const Eigen::Vector2d across(to.dot(axes.right), to.dot(axes.up));
  const double length = across.norm();
  if (!(length > 0.0)) return Eigen::Vector2d::Zero();
  return degrees_of(std::atan2(length, to.dot(from))) / length * across;
}

Eigen::Vector3d median_direction(const Eigen::Vector3d& before, const Eigen::Vector3d& middle,
                                 const Eigen::Vector3d& after) {
  const Eigen::Vector3d low = before.cwiseMin(after);
  const Eigen::Vector3d high = before.cwiseMax(after);
  const Eigen::Vector3d median = middle.cwiseMax(low).cwiseMin(high);
  return median.norm() > 1e-3 ? Eigen::Vector3d(median.normalized()) : middle;
}

Result<void> check_times_rise(std::span<const GazeDirectionSample> series) {
  for (std::size_t i = 1; i < series.size(); ++i) {
    if (series[i].at > series[i - 1].at) continue;
    return times_error(i, series[i].at == series[i - 1].at ? "has the same time as the one before"
                                                           : "is earlier than the one before");
  }
  return {};
}

double typical_interval_s(std::span<const GazeDirectionSample> series) {
  if (series.size() < 2) return 0.0;
  std::vector<double> intervals_s(series.size() - 1);
  for (std::size_t i = 1; i < series.size(); ++i)
    intervals_s[i - 1] = seconds_of(series[i].at - series[i - 1].at);
  const auto middle = intervals_s.begin() + static_cast<std::ptrdiff_t>(intervals_s.size() / 2);
  std::nth_element(intervals_s.begin(), middle, intervals_s.end());
  return *middle;
}

Result<std::vector<GazeDirectionSample>> version_series(std::span<const GazeDirectionSample> right,
                                                        std::span<const GazeDirectionSample> left) {
  YARBUS_CHECK_OP(right.size(), ==, left.size());
  std::vector<GazeDirectionSample> version(right.size());
  for (std::size_t i = 0; i < right.size(); ++i) {
    if (right[i].at != left[i].at) return times_error(i, "has another time in the left eye's series");
    version[i].at = right[i].at;
    if (!right[i].is_usable() || !left[i].is_usable()) continue;
    version[i].direction = (right[i].direction.normalized() + left[i].direction.normalized()).normalized();
    version[i].is_valid = true;
  }
  return version;
}

}  // namespace yarbus
