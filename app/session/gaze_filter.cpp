#include "app/session/gaze_filter.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

namespace yarbus {
namespace {

double time_constant_s(double cutoff_hz) { return 1.0 / (2.0 * std::numbers::pi * cutoff_hz); }
/// Share of the new value in a first-order low pass.
double share_of_new(double step_s, double constant_s) { return step_s / (step_s + constant_s); }

}  // namespace

GazeSmoother::GazeSmoother(const GazeFilterOptions& options)
    : options_(options), fixations_(FixationDetectorOptions{options.fixation_dispersion_deg}) {}

void GazeSmoother::set(GazeFilter filter) {
  if (filter == filter_) return;
  filter_ = filter;
  clear();
}

void GazeSmoother::clear() {
  last_.reset();
  fixations_.clear();
  velocity_mm_s_.setZero();
  was_fixating_ = false;
  added_latency_s_ = 0.0;
}

Eigen::Vector2d GazeSmoother::push(CaptureTime at, const Eigen::Vector2d& gaze_mm, double mm_per_deg) {
  const double step_s = last_ ? std::chrono::duration<double>(at - *last_).count() : 0.0;
  if (step_s < 0.0 || step_s > options_.longest_gap_s) clear();
  const bool is_first = !last_;
  last_ = at;
  if (is_first || filter_ == GazeFilter::none) filtered_mm_ = gaze_mm;
  if (filter_ == GazeFilter::one_euro && !is_first) filtered_mm_ = one_euro(step_s, gaze_mm, mm_per_deg);
  if (filter_ == GazeFilter::fixation) filtered_mm_ = by_fixation(at, step_s, gaze_mm, mm_per_deg);
  measured_mm_ = gaze_mm;
  return filtered_mm_;
}

Eigen::Vector2d GazeSmoother::one_euro(double step_s, const Eigen::Vector2d& gaze_mm, double mm_per_deg) {
  if (step_s <= 0.0) return filtered_mm_;
  const Eigen::Vector2d velocity = (gaze_mm - measured_mm_) / step_s;
  velocity_mm_s_ +=
      share_of_new(step_s, time_constant_s(options_.speed_cutoff_hz)) * (velocity - velocity_mm_s_);
  const double speed_deg_s = velocity_mm_s_.norm() / mm_per_deg;
  const double constant_s =
      time_constant_s(options_.least_cutoff_hz + options_.cutoff_per_speed * speed_deg_s);
  added_latency_s_ = constant_s;
  return filtered_mm_ + share_of_new(step_s, constant_s) * (gaze_mm - filtered_mm_);
}

Eigen::Vector2d GazeSmoother::by_fixation(CaptureTime at, double step_s, const Eigen::Vector2d& gaze_mm,
                                          double mm_per_deg) {
  constexpr double rad_per_deg = std::numbers::pi / 180.0;
  const Eigen::Vector2d angles = gaze_mm / mm_per_deg * rad_per_deg;
  const bool is_fixating =
      fixations_.push(at, Eigen::Vector3d(std::tan(angles.x()), std::tan(angles.y()), 1.0).normalized());
  // The first point outside ends the fixation at once; the detector's window needs some frames for that.
  const bool has_left =
      was_fixating_ && (gaze_mm - filtered_mm_).norm() > options_.fixation_dispersion_deg * mm_per_deg;
  if (!is_fixating || has_left) {
    was_fixating_ = is_fixating && !has_left;
    averaged_s_ = 0.0;
    added_latency_s_ = 0.0;
    if (has_left) fixations_.clear();
    return gaze_mm;
  }
  was_fixating_ = true;
  averaged_s_ = std::min(averaged_s_ + step_s, options_.fixation_averaging_s);
  added_latency_s_ = averaged_s_;
  return filtered_mm_ + share_of_new(step_s, averaged_s_) * (gaze_mm - filtered_mm_);
}

}  // namespace yarbus
