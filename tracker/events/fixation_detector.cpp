#include "tracker/events/fixation_detector.h"

#include <utility>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {

FixationDetector::FixationDetector(const FixationDetectorOptions& options)
    : options_(options), window_(options.shortest_s, options.dispersion_deg) {}

void FixationDetector::clear() {
  window_.clear();
  current_.reset();
  ended_.reset();
}

void FixationDetector::end() {
  ended_ = std::exchange(current_, std::nullopt);
  window_.clear();
}

bool FixationDetector::push(CaptureTime at, const Eigen::Vector3d& direction) {
  if (!direction.allFinite()) {
    push_loss(at);
    return current_.has_value();
  }
  if (current_) {
    const bool is_gap = seconds_of(at - current_->end) > options_.shortest_s;
    // Half the extent on either side of the mean; noise widens both alike.
    const double limit_rad = radians_of(0.5 * window_.limit_deg() + 0.25 * options_.dispersion_deg);
    if (is_gap || angle_between_rad(sum_, direction) > limit_rad) {
      end();
    } else {
      window_.push(at, direction);
      sum_ += direction;
      current_->end = at;
      current_->mean_direction = sum_.normalized();
      ++current_->frames;
      return true;
    }
  }
  if (!window_.push(at, direction)) return false;
  sum_ = window_.sum();
  current_ = FixationEvent{window_.oldest(), at, sum_.normalized(), static_cast<int>(window_.size())};
  return true;
}

void FixationDetector::push_loss(CaptureTime at) {
  if (current_ && seconds_of(at - current_->end) > options_.shortest_s) end();
}

std::optional<FixationEvent> FixationDetector::take_ended() { return std::exchange(ended_, std::nullopt); }

}  // namespace yarbus
