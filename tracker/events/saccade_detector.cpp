#include "tracker/events/saccade_detector.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

/// Samples farther apart than this many typical intervals are not neighbours.
constexpr double longest_step_intervals = 2.5;
constexpr std::uint64_t intervals_to_first_rate = 16;
/// The rate is taken over only when it has changed by this share: a window must not flicker.
constexpr double rate_change = 0.2;
constexpr CaptureTime seek_step = std::chrono::seconds(1);

CaptureTime longest_step(double interval_s) { return time_from_seconds(longest_step_intervals * interval_s); }

}  // namespace

SaccadeDetector::SaccadeDetector(const SaccadeOptions& options)
    : options_(options),
      threshold_(options.threshold_factor, options.least_threshold_deg_s),
      segmenter_(options) {}

void SaccadeDetector::clear() {
  velocities_.clear();
  threshold_.clear();
  segmenter_.clear();
  completed_.clear();
  last_at_.reset();
  interval_count_ = 0;
  interval_s_ = 0.0;
  rate_ = SaccadeRate::unknown;
}

double SaccadeDetector::latency_s() const {
  return options_.settle_s + interval_s_ * static_cast<double>(velocities_.latency_samples());
}

void SaccadeDetector::learn_rate(double interval_s) {
  intervals_s_[interval_count_++ % intervals_kept] = interval_s;
  if (interval_count_ % intervals_to_first_rate != 0) return;
  const std::size_t count = std::min<std::size_t>(interval_count_, intervals_kept);
  std::copy_n(intervals_s_.begin(), count, scratch_.begin());
  const auto middle = scratch_.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(scratch_.begin(), middle, scratch_.begin() + static_cast<std::ptrdiff_t>(count));
  if (interval_s_ > 0.0 && std::abs(*middle - interval_s_) <= rate_change * interval_s_) return;
  interval_s_ = *middle;
  rate_ = saccade_rate(interval_s_, options_);
  velocities_.set_window(velocity_half_samples(interval_s_, options_), longest_step(interval_s_));
  threshold_.set_length(static_cast<std::size_t>(std::min(options_.memory_s / interval_s_, 1e6)));
}

void SaccadeDetector::push(const GazeDirectionSample& sample) {
  if (last_at_ && sample.at <= *last_at_) {
    if (*last_at_ - sample.at <= seek_step) {
      ++ignored_samples_;
      return;
    }
    clear();
  }
  if (last_at_) learn_rate(seconds_of(sample.at - *last_at_));
  last_at_ = sample.at;
  velocities_.push(sample);
  while (const auto velocity = velocities_.next()) process(*velocity);
}

void SaccadeDetector::process(const GazeVelocity& velocity) {
  if (rate_ != SaccadeRate::enough) return;
  if (velocity.is_valid) threshold_.push(velocity.right_up_deg_s);
  if (!threshold_.threshold()) return;
  const auto completed = segmenter_.push(velocity, *threshold_.threshold());
  if (completed && !completed_.full()) completed_.push_back(*completed);
}

SaccadeDetector::Saccades SaccadeDetector::take() { return std::exchange(completed_, {}); }

Result<SaccadeSeries> find_saccades(std::span<const GazeDirectionSample> series,
                                    const SaccadeOptions& options) {
  if (auto valid = options.validate(); !valid) return valid.error();
  if (auto rising = check_times_rise(series); !rising) return rising.error();
  SaccadeSeries found;
  found.typical_interval_s = typical_interval_s(series);
  found.rate = saccade_rate(found.typical_interval_s, options);
  if (found.rate != SaccadeRate::enough) return found;

  VelocityFilter filter;
  filter.set_window(velocity_half_samples(found.typical_interval_s, options),
                    longest_step(found.typical_interval_s));
  found.velocities.reserve(series.size());
  std::vector<Eigen::Vector2d> valid;
  for (std::size_t i = 0; i <= series.size(); ++i) {
    if (i < series.size()) {
      filter.push(series[i]);
    } else {
      filter.finish();
    }
    while (const auto velocity = filter.next()) {
      found.velocities.push_back(*velocity);
      if (velocity->is_valid) valid.push_back(velocity->right_up_deg_s);
    }
  }
  std::vector<double> scratch(valid.size());
  found.threshold =
      elliptic_threshold(valid, scratch, options.threshold_factor, options.least_threshold_deg_s);
  if (!found.threshold) return found;
  SaccadeSegmenter segmenter(options);
  for (const GazeVelocity& velocity : found.velocities) {
    if (const auto saccade = segmenter.push(velocity, *found.threshold)) found.saccades.push_back(*saccade);
  }
  if (const auto saccade = segmenter.finish()) found.saccades.push_back(*saccade);
  return found;
}

std::vector<Saccade> binocular_saccades(std::span<const Saccade> right, std::span<const Saccade> left) {
  std::vector<Saccade> both;
  auto other = left.begin();
  for (const Saccade& one : right) {
    while (other != left.end() && other->offset < one.onset) ++other;
    if (other == left.end()) break;
    if (other->onset > one.offset) continue;
    Saccade saccade = one;
    saccade.onset = std::min(one.onset, other->onset);
    saccade.offset = std::max(one.offset, other->offset);
    saccade.from = (one.from + other->from).normalized();
    saccade.to = (one.to + other->to).normalized();
    const Eigen::Vector2d way_deg = angular_step_deg(saccade.from, saccade.to);
    saccade.amplitude_deg = way_deg.norm();
    saccade.direction_deg = degrees_of(std::atan2(way_deg.y(), way_deg.x()));
    saccade.peak_velocity_deg_s = 0.5 * (one.peak_velocity_deg_s + other->peak_velocity_deg_s);
    saccade.samples = std::max(one.samples, other->samples);
    both.push_back(saccade);
    ++other;
  }
  return both;
}

}  // namespace yarbus
