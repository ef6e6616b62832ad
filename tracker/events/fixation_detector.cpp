#include "tracker/events/fixation_detector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {

std::span<const OptionField<FixationDetectorOptions>> FixationDetectorOptions::fields() {
  using O = FixationDetectorOptions;
  static constexpr std::array<OptionField<O>, 2> table{{
      {"dispersion_deg", &O::dispersion_deg, 0.05, 20.0, "the largest extent of gaze in a fixation (I-DT)"},
      {"shortest_s", &O::shortest_s, 0.02, 2.0, "shorter fixations are none"},
  }};
  return table;
}

Result<void> FixationDetectorOptions::validate() const {
  return validate_options(*this, fields(), "fixations");
}

FixationEvent FixationEvent::from_sum(CaptureTime start, CaptureTime end, const Eigen::Vector3d& sum,
                                      int frames) {
  // Unit vectors at small angles a from their mean sum up to the length n - sum(a^2) / 2.
  const double shortfall = 1.0 - sum.norm() / std::max(1, frames);
  return {start, end, sum.normalized(), frames, degrees_of(std::sqrt(2.0 * std::max(0.0, shortfall)))};
}

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
      current_ = FixationEvent::from_sum(current_->start, at, sum_, current_->frames + 1);
      return true;
    }
  }
  if (!window_.push(at, direction)) return false;
  sum_ = window_.sum();
  current_ = FixationEvent::from_sum(window_.oldest(), at, sum_, static_cast<int>(window_.size()));
  return true;
}

void FixationDetector::push_loss(CaptureTime at) {
  if (current_ && seconds_of(at - current_->end) > options_.shortest_s) end();
}

std::optional<FixationEvent> FixationDetector::take_ended() { return std::exchange(ended_, std::nullopt); }

}  // namespace yarbus
