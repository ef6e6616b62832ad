#include "tracker/events/fixations_by_velocity.h"

#include <algorithm>
#include <cmath>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr double ends_s = 0.1;
constexpr double least_drift_deg = 1.0;

/// Collects one stretch's samples and says what it was.
class Stretch {
 public:
  explicit Stretch(const VelocityFixationLimits& limits) : limits_(limits) {}

  void add(CaptureTime at, const Eigen::Vector3d& direction, bool is_fast) {
    if (is_fast && samples_.empty()) return;
    samples_.push_back({at, direction, is_fast});
  }
  [[nodiscard]] bool is_interrupted_at(CaptureTime at) const {
    return !samples_.empty() && seconds_of(at - samples_.back().at) > limits_.longest_loss_s;
  }
  void end(VelocityFixations& out) {
    while (!samples_.empty() && samples_.back().is_fast) samples_.pop_back();
    if (samples_.size() >= 2) tell(out);
    samples_.clear();
  }

 private:
  struct Entry {
    CaptureTime at;
    Eigen::Vector3d direction;
    bool is_fast;
  };
  void tell(VelocityFixations& out) const {
    const CaptureTime start = samples_.front().at;
    const CaptureTime finish = samples_.back().at;
    const double length_s = seconds_of(finish - start);
    if (length_s < limits_.shortest_s) return;
    const double near_s = std::min(ends_s, 0.5 * length_s);
    Eigen::Vector3d sum = Eigen::Vector3d::Zero();
    Eigen::Vector3d first = Eigen::Vector3d::Zero();
    Eigen::Vector3d last = Eigen::Vector3d::Zero();
    for (const Entry& entry : samples_) {
      sum += entry.direction;
      if (seconds_of(entry.at - start) <= near_s) first += entry.direction;
      if (seconds_of(finish - entry.at) <= near_s) last += entry.direction;
    }
    const FixationEvent event =
        FixationEvent::from_sum(start, finish, sum, static_cast<int>(samples_.size()));
    const double way_deg = degrees_of(angle_between_rad(first, last));
    const double time_s = std::max(length_s - near_s, 0.5 * length_s);
    const bool drifts = way_deg >= least_drift_deg && way_deg > limits_.fastest_drift_deg_s * time_s;
    (drifts ? out.drifts : out.fixations).push_back(event);
  }

  VelocityFixationLimits limits_;
  std::vector<Entry> samples_;
};

}  // namespace

VelocityFixations fixations_by_velocity(std::span<const GazeDirectionSample> series,
                                        const SaccadeSeries& found, const VelocityFixationLimits& limits) {
  YARBUS_CHECK(found.threshold.has_value());
  YARBUS_CHECK_OP(found.velocities.size(), ==, series.size());
  VelocityFixations out;
  Stretch stretch(limits);
  auto saccade = found.saccades.begin();
  for (std::size_t i = 0; i < series.size(); ++i) {
    const CaptureTime at = series[i].at;
    while (saccade != found.saccades.end() && at > saccade->offset) {
      stretch.end(out);  // a saccade that falls between two samples ends it too
      ++saccade;
    }
    if (saccade != found.saccades.end() && at >= saccade->onset) {
      stretch.end(out);
      continue;
    }
    if (!series[i].is_usable()) continue;
    if (stretch.is_interrupted_at(at)) stretch.end(out);
    const GazeVelocity& velocity = found.velocities[i];
    const bool is_fast = velocity.is_valid && found.threshold->exceedance(velocity.right_up_deg_s) > 1.0;
    stretch.add(at, series[i].direction.normalized(), is_fast);
  }
  stretch.end(out);
  return out;
}

}  // namespace yarbus
