#include "tracker/events/saccade_segmenter.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

/// What one velocity sample tells alone may be an outlier.
constexpr int least_samples = 2;

}  // namespace

SaccadeSegmenter::SaccadeSegmenter(const SaccadeOptions& options)
    : settle_(time_from_seconds(options.settle_s)),
      longest_s_(options.longest_s),
      least_amplitude_deg_(options.least_amplitude_deg) {
  YARBUS_CHECK(options.validate().has_value());
}

void SaccadeSegmenter::clear() {
  state_ = State::slow;
  settled_at_.reset();
  last_at_.reset();
  place_count_ = 0;
}

CaptureTime SaccadeSegmenter::crossing(CaptureTime at, double exceedance) const {
  const double share = (1.0 - last_exceedance_) / (exceedance - last_exceedance_);
  return *last_at_ + time_from_seconds(std::clamp(share, 0.0, 1.0) * seconds_of(at - *last_at_));
}

Eigen::Vector3d SaccadeSegmenter::mean_before() const {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (std::size_t age = 1; age <= place_count_; ++age) {
    const Place& place = places_[(next_place_ + places_kept - age) % places_kept];
    if (age > 1 && *last_at_ - place.at > settle_) break;
    sum += place.direction;
  }
  return sum.normalized();
}

void SaccadeSegmenter::remember(const GazeVelocity& velocity, double exceedance) {
  if (exceedance <= 1.0) {
    places_[next_place_] = {velocity.at, velocity.direction};
    next_place_ = (next_place_ + 1) % places_kept;
    place_count_ = std::min(place_count_ + 1, places_kept);
  } else {
    place_count_ = 0;
  }
  last_at_ = velocity.at;
  last_exceedance_ = exceedance;
}

void SaccadeSegmenter::begin_run(const GazeVelocity& velocity, double exceedance) {
  state_ = State::fast;
  is_cut_ = place_count_ == 0 || (settled_at_ && velocity.at < *settled_at_);
  current_ = Saccade{};
  current_.onset = current_.offset = velocity.at;
  current_.peak_velocity_deg_s = velocity.sharp_speed_deg_s;
  current_.samples = 1;
  run_velocity_ = velocity.right_up_deg_s;
  if (place_count_ == 0) return;
  current_.onset = crossing(velocity.at, exceedance);
  current_.from = mean_before();
}

std::optional<Saccade> SaccadeSegmenter::land(const GazeVelocity& velocity, double exceedance) {
  if (exceedance <= 1.0) {
    if (velocity.at - current_.offset > settle_) return complete();
    landing_ += velocity.direction;
    ++landing_samples_;
    return std::nullopt;
  }
  const bool goes_on = landing_samples_ == 1 && velocity.right_up_deg_s.dot(run_velocity_) > 0.0;
  if (goes_on) {
    state_ = State::fast;
    ++current_.samples;
    current_.peak_velocity_deg_s = std::max(current_.peak_velocity_deg_s, velocity.sharp_speed_deg_s);
    run_velocity_ += velocity.right_up_deg_s;
    return std::nullopt;
  }
  if (velocity.at - current_.offset <= settle_) return std::nullopt;  // the eye settles
  const auto completed = complete();
  begin_run(velocity, exceedance);
  return completed;
}

std::optional<Saccade> SaccadeSegmenter::complete() {
  state_ = State::slow;
  if (std::exchange(is_cut_, false) || landing_samples_ == 0 || current_.samples < least_samples)
    return std::nullopt;
  Saccade saccade = current_;
  saccade.to = landing_.normalized();
  const Eigen::Vector2d way_deg = angular_step_deg(saccade.from, saccade.to);
  saccade.amplitude_deg = way_deg.norm();
  saccade.direction_deg = degrees_of(std::atan2(way_deg.y(), way_deg.x()));
  if (!(saccade.amplitude_deg >= least_amplitude_deg_) || saccade.duration_s() > longest_s_)
    return std::nullopt;
  settled_at_ = saccade.offset + settle_;
  return saccade;
}

std::optional<Saccade> SaccadeSegmenter::push(const GazeVelocity& velocity,
                                              const SaccadeThreshold& threshold) {
  if (!velocity.is_valid) {
    const auto completed = state_ == State::landing ? complete() : std::nullopt;
    clear();
    return completed;
  }
  const double exceedance = threshold.exceedance(velocity.right_up_deg_s);
  std::optional<Saccade> completed;
  if (state_ == State::landing) {
    completed = land(velocity, exceedance);
  } else if (state_ == State::fast && exceedance > 1.0) {
    ++current_.samples;
    current_.peak_velocity_deg_s = std::max(current_.peak_velocity_deg_s, velocity.sharp_speed_deg_s);
    run_velocity_ += velocity.right_up_deg_s;
  } else if (state_ == State::fast) {
    current_.offset = crossing(velocity.at, exceedance);
    landing_ = velocity.direction;
    landing_samples_ = 1;
    state_ = State::landing;
  } else if (exceedance > 1.0) {
    begin_run(velocity, exceedance);
  }
  remember(velocity, exceedance);
  return completed;
}

std::optional<Saccade> SaccadeSegmenter::finish() {
  const auto completed = state_ == State::landing ? complete() : std::nullopt;
  clear();
  return completed;
}

}  // namespace yarbus
