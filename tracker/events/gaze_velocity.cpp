#include "tracker/events/gaze_velocity.h"

#include <Eigen/LU>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
void VelocityFilter::set_window(std::size_t half_samples, CaptureTime longest_step) {
  YARBUS_CHECK(half_samples >= 1 && half_samples <= max_half_samples);
  half_samples_ = half_samples;
  longest_step_ = longest_step;
}

void VelocityFilter::clear() {
  pushed_ = next_ = 0;
  is_finished_ = false;
}

void VelocityFilter::push(const GazeDirectionSample& sample) {
  Entry& added = entries_[pushed_ % capacity];
  if (pushed_ > 0) {
    const CaptureTime step = sample.at - entry(pushed_ - 1).at;
    YARBUS_CHECK_OP(step.count(), >, 0);
    added.follows = step <= longest_step_;
  } else {
    added.follows = false;
  }
  added.at = sample.at;
  added.is_usable = sample.is_usable();
  if (added.is_usable) added.direction = sample.direction.normalized();
  ++pushed_;
}

bool VelocityFilter::holds(std::uint64_t first, std::uint64_t last) const {
  if (last >= pushed_ || pushed_ - first > capacity) return false;
  for (std::uint64_t i = first; i <= last; ++i) {
    if (!entry(i).is_usable || (i > first && !entry(i).follows)) return false;
  }
  return true;
}

Eigen::Vector3d VelocityFilter::without_spike(std::uint64_t index) const {
  const Eigen::Vector3d& direction = entry(index).direction;
  if (index == 0 || !holds(index - 1, index + 1)) return direction;
  return median_direction(entry(index - 1).direction, direction, entry(index + 1).direction);
}

Eigen::Vector3d VelocityFilter::slope_per_s(std::uint64_t middle, std::size_t half_samples) const {
  Eigen::Matrix3d normal = Eigen::Matrix3d::Zero();
  Eigen::Matrix3d moments = Eigen::Matrix3d::Zero();  // row: power of time, column: component
  const double scale_s = seconds_of(entry(middle + half_samples).at - entry(middle - half_samples).at);
  for (std::uint64_t i = middle - half_samples; i <= middle + half_samples; ++i) {
    const double t = seconds_of(entry(i).at - entry(middle).at) / scale_s;
    const Eigen::Vector3d powers(1.0, t, t * t);
    normal += powers * powers.transpose();
    moments += powers * without_spike(i).transpose();
  }
  return (normal.inverse() * moments).row(1).transpose() / scale_s;
}

std::optional<GazeVelocity> VelocityFilter::next() {
  if (next_ >= pushed_ || (!is_finished_ && next_ + latency_samples() >= pushed_)) return std::nullopt;
  const std::uint64_t middle = next_++;
  GazeVelocity velocity;
  velocity.at = entry(middle).at;
  if (middle < half_samples_ || !holds(middle - half_samples_, middle + half_samples_)) return velocity;
  velocity.direction = without_spike(middle);
  const Eigen::Vector3d slope = slope_per_s(middle, half_samples_);
  const GazeAxes axes = GazeAxes::at(velocity.direction);
  velocity.right_up_deg_s = {degrees_of(slope.dot(axes.right)), degrees_of(slope.dot(axes.up))};
  velocity.sharp_speed_deg_s = degrees_of(half_samples_ == 1 ? slope.norm() : slope_per_s(middle, 1).norm());
  velocity.is_valid = velocity.right_up_deg_s.allFinite();
  return velocity;
}

}  // namespace yarbus
