#include "tracker/events/saccade_threshold.h"

#include <algorithm>
#include <cmath>

#include "eyemodel/types/check.h"
#include "tracker/events/median.h"

namespace yarbus {
namespace {

constexpr int velocities_between_updates = 32;

/// Of one axis.
double median_sigma(std::span<const Eigen::Vector2d> velocities, int axis, std::span<double> scratch) {
  const auto at_axis = [axis](const Eigen::Vector2d& velocity) { return velocity[axis]; };
  std::transform(velocities.begin(), velocities.end(), scratch.begin(), at_axis);
  const double median = median_in_place(scratch);
  std::transform(velocities.begin(), velocities.end(), scratch.begin(),
                 [&](const Eigen::Vector2d& velocity) { return velocity[axis] * velocity[axis]; });
  return std::sqrt(std::max(0.0, median_in_place(scratch) - median * median));
}

}  // namespace

std::optional<SaccadeThreshold> elliptic_threshold(std::span<const Eigen::Vector2d> right_up_deg_s,
                                                   std::span<double> scratch, double factor,
                                                   double least_deg_s) {
  YARBUS_CHECK_OP(scratch.size(), >=, right_up_deg_s.size());
  if (right_up_deg_s.size() < least_velocities) return std::nullopt;
  const auto room = scratch.first(right_up_deg_s.size());
  SaccadeThreshold threshold;
  for (const int axis : {0, 1}) {
    threshold.semi_axes_deg_s[axis] =
        std::max(least_deg_s, factor * median_sigma(right_up_deg_s, axis, room));
  }
  return threshold;
}

void RunningThreshold::clear() {
  size_ = next_ = 0;
  since_update_ = 0;
  threshold_.reset();
}

void RunningThreshold::set_length(std::size_t velocities) {
  velocities = std::clamp(velocities, least_velocities, capacity);
  if (velocities == length_) return;
  length_ = velocities;
  clear();
}

void RunningThreshold::push(const Eigen::Vector2d& right_up_deg_s) {
  velocities_[next_] = right_up_deg_s;
  next_ = (next_ + 1) % length_;
  size_ = std::min(size_ + 1, length_);
  if (++since_update_ < velocities_between_updates && threshold_) return;
  if (size_ < least_velocities) return;
  since_update_ = 0;
  threshold_ = elliptic_threshold(std::span(velocities_).first(size_), scratch_, factor_, least_deg_s_);
}

}  // namespace yarbus
