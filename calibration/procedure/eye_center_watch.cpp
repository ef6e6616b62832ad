#include "calibration/procedure/eye_center_watch.h"

#include <algorithm>
#include <cmath>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr std::size_t fewest_places = 4;
constexpr double significant_errors = 4.0;
constexpr double average_s = 0.5;
constexpr double away_s = 1.0;
constexpr double away_sigmas = 3.0;

Eigen::Vector3d mean_of(std::span<const Eigen::Vector3d> places) {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (const auto& place : places) sum += place;
  return sum / static_cast<double>(places.size());
}

double square_sum(std::span<const Eigen::Vector3d> places, const Eigen::Vector3d& mean) {
  double sum = 0.0;
  for (const auto& place : places) sum += (place - mean).squaredNorm();
  return sum;
}

}  // namespace

std::optional<CenterStep> find_center_step(std::span<const Eigen::Vector3d> centers_in_cam_mm,
                                           double least_mm) {
  const std::size_t count = centers_in_cam_mm.size();
  if (count < fewest_places) return std::nullopt;
  std::optional<CenterStep> best;
  double least_squares = 0.0;
  for (std::size_t split = 1; split < count; ++split) {
    const auto before = centers_in_cam_mm.first(split);
    const auto after = centers_in_cam_mm.subspan(split);
    const Eigen::Vector3d before_mm = mean_of(before);
    const Eigen::Vector3d after_mm = mean_of(after);
    const double squares = square_sum(before, before_mm) + square_sum(after, after_mm);
    if (best && squares >= least_squares) continue;
    least_squares = squares;
    best = CenterStep{split, after_mm - before_mm};
  }
  const double before = static_cast<double>(best->first_after);
  const double after = static_cast<double>(count) - before;
  const double scatter_mm = std::sqrt(least_squares / static_cast<double>(count - 2));
  const double error_mm = scatter_mm * std::sqrt(1.0 / before + 1.0 / after);
  const double shift_mm = best->shift_in_cam_mm.norm();
  if (!(shift_mm > least_mm) || shift_mm < significant_errors * error_mm) return std::nullopt;
  return best;
}

std::optional<CenterReference> CenterReference::of(std::span<const CalibrationSample> samples, EyeSide side) {
  CenterReference reference;
  for (const auto& sample : samples) {
    const auto& ray = sample.rays.eye(side);
    if (!ray || !is_valid(*ray)) continue;
    reference.mean_in_cam_mm += ray->eye_center_in_cam_mm;
    ++reference.samples;
  }
  if (reference.samples == 0) return std::nullopt;
  reference.mean_in_cam_mm /= reference.samples;
  double squares = 0.0;
  for (const auto& sample : samples) {
    const auto& ray = sample.rays.eye(side);
    if (ray && is_valid(*ray))
      squares += (ray->eye_center_in_cam_mm - reference.mean_in_cam_mm).squaredNorm();
  }
  reference.sigma_mm = std::sqrt(squares / reference.samples);
  return reference;
}

EyeCenterWatch::EyeCenterWatch(const CenterReference& reference, double slip_mm)
    : reference_(reference),
      limit_mm_(std::max(slip_mm, away_sigmas * reference.sigma_mm)),
      average_in_cam_mm_(reference.mean_in_cam_mm) {}

void EyeCenterWatch::push(CaptureTime at, const std::optional<EyeRay>& ray) {
  if (!ray || !is_valid(*ray)) return;
  const double step_s = last_ ? std::max(0.0, seconds_of(at - *last_)) : 0.0;
  last_ = at;
  average_in_cam_mm_ +=
      (1.0 - std::exp(-step_s / average_s)) * (ray->eye_center_in_cam_mm - average_in_cam_mm_);
  if (shift_in_cam_mm().norm() <= limit_mm_) {
    away_since_.reset();
    has_moved_ = false;
    return;
  }
  if (!away_since_) away_since_ = at;
  has_moved_ = seconds_of(at - *away_since_) >= away_s;
}

void EyeCenterWatch::accept_place() {
  reference_.mean_in_cam_mm = average_in_cam_mm_;
  away_since_.reset();
  has_moved_ = false;
}

}  // namespace yarbus
