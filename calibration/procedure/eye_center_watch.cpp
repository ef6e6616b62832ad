#include "calibration/procedure/eye_center_watch.h"

#include <algorithm>
#include <cmath>

#include <Eigen/LU>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr std::size_t fewest_places = 4;
constexpr double significant_center_errors = 4.0;
constexpr double average_s = 0.5;
constexpr double away_s = 1.0;
constexpr double away_sigmas = 3.0;
constexpr double beyond_doubt_chi_square = 16.27;  ///< three degrees of freedom, 0.001
constexpr double least_variance_mm2 = 1e-4;        ///< nobody knows an eye's centre better than 0.01 mm

EyeCenter mean_of(std::span<const EyeCenter> centers) {
  EyeCenter mean;
  for (const EyeCenter& center : centers) {
    mean.in_cam_mm += center.in_cam_mm;
    mean.covariance_mm2 += center.covariance_mm2;
  }
  mean.in_cam_mm /= static_cast<double>(centers.size());
  mean.covariance_mm2 /= static_cast<double>(centers.size());  // the places of one model err together
  return mean;
}

double square_sum(std::span<const EyeCenter> centers, const Eigen::Vector3d& mean_mm) {
  double sum = 0.0;
  for (const EyeCenter& center : centers) sum += (center.in_cam_mm - mean_mm).squaredNorm();
  return sum;
}

}  // namespace

bool is_beyond_doubt(const EyeCenter& before, const EyeCenter& now) {
  const Eigen::Matrix3d covariance_mm2 =
      before.covariance_mm2 + now.covariance_mm2 + least_variance_mm2 * Eigen::Matrix3d::Identity();
  const Eigen::Vector3d shift_mm = now.in_cam_mm - before.in_cam_mm;
  return shift_mm.dot(covariance_mm2.inverse() * shift_mm) > beyond_doubt_chi_square;
}

std::optional<CenterStep> find_center_step(std::span<const EyeCenter> centers, double least_mm) {
  const std::size_t count = centers.size();
  if (count < fewest_places) return std::nullopt;
  std::optional<CenterStep> best;
  double least_squares = 0.0;
  for (std::size_t split = 1; split < count; ++split) {
    const auto before = centers.first(split);
    const auto after = centers.subspan(split);
    const Eigen::Vector3d before_mm = mean_of(before).in_cam_mm;
    const Eigen::Vector3d after_mm = mean_of(after).in_cam_mm;
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
  const EyeCenter then = mean_of(centers.first(best->first_after));
  const EyeCenter now = mean_of(centers.subspan(best->first_after));
  if (!(shift_mm > least_mm) || shift_mm < significant_center_errors * error_mm || !is_beyond_doubt(then, now))
    return std::nullopt;
  const Eigen::Vector3d along = best->shift_in_cam_mm / shift_mm;
  best->length_sigma_mm =
      std::sqrt(along.dot((then.covariance_mm2 + now.covariance_mm2) * along) + error_mm * error_mm);
  return best;
}

std::optional<CenterReference> CenterReference::of(std::span<const CalibrationSample> samples, EyeSide side) {
  CenterReference reference;
  for (const auto& sample : samples) {
    const auto& ray = sample.rays.eye(side);
    if (!ray || !is_valid(*ray)) continue;
    reference.mean.in_cam_mm += ray->eye_center_in_cam_mm;
    reference.mean.covariance_mm2 += ray->center_covariance_in_cam_mm2;
    ++reference.samples;
  }
  if (reference.samples == 0) return std::nullopt;
  reference.mean.in_cam_mm /= reference.samples;
  reference.mean.covariance_mm2 /= reference.samples;
  double squares = 0.0;
  for (const auto& sample : samples) {
    const auto& ray = sample.rays.eye(side);
    if (ray && is_valid(*ray))
      squares += (ray->eye_center_in_cam_mm - reference.mean.in_cam_mm).squaredNorm();
  }
  reference.sigma_mm = std::sqrt(squares / reference.samples);
  return reference;
}

EyeCenterWatch::EyeCenterWatch(const CenterReference& reference, double slip_mm)
    : reference_(reference),
      limit_mm_(std::max(slip_mm, away_sigmas * reference.sigma_mm)),
      average_(reference.mean) {}

void EyeCenterWatch::push(CaptureTime at, const std::optional<EyeRay>& ray) {
  if (!ray || !is_valid(*ray)) return;
  const double step_s = last_ ? std::max(0.0, seconds_of(at - *last_)) : 0.0;
  last_ = at;
  const double weight = 1.0 - std::exp(-step_s / average_s);
  average_.in_cam_mm += weight * (ray->eye_center_in_cam_mm - average_.in_cam_mm);
  average_.covariance_mm2 += weight * (ray->center_covariance_in_cam_mm2 - average_.covariance_mm2);
  if (shift_in_cam_mm().norm() <= limit_mm_ || !is_beyond_doubt(reference_.mean, average_)) {
    away_since_.reset();
    has_moved_ = false;
    return;
  }
  if (!away_since_) away_since_ = at;
  has_moved_ = seconds_of(at - *away_since_) >= away_s;
}

void EyeCenterWatch::accept_place() {
  reference_.mean = average_;
  away_since_.reset();
  has_moved_ = false;
}

}  // namespace yarbus
