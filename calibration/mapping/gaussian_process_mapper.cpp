#include "calibration/mapping/gaussian_process_mapper.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "calibration/mapping/geometric_model.h"

namespace yarbus {
namespace {

constexpr std::size_t least_points = 5;

/// Azimuth and elevation (rad) in screen, right and down positive.
Eigen::Vector2d angles_of(const Eigen::Vector3d& direction_in_screen) {
  return {std::atan2(direction_in_screen[0], direction_in_screen[2]),
          std::atan2(direction_in_screen[1], std::hypot(direction_in_screen[0], direction_in_screen[2]))};
}

bool is_left_out(const GeometricFit& fit, int target, EyeSide side) {
  return std::any_of(fit.left_out.begin(), fit.left_out.end(), [&](const LeftOutTarget& left_out) {
    return left_out.target == target && left_out.eye == side;
  });
}

}  // namespace

GaussianProcessMapper::GaussianProcessMapper(std::shared_ptr<const GeometricMapper> geometric,
                                             std::span<const Fixation> fixations,
                                             const GaussianProcessBounds& bounds, double fitted_scale)
    : geometric_(std::move(geometric)), fitted_scale_(fitted_scale) {
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const auto at = static_cast<std::size_t>(side);
    std::vector<ResidualPoint> points;
    for (const Fixation& fixation : fixations) {
      if (is_left_out(geometric_->fit(), fixation.target, side)) continue;
      const GazeRays rays = fixation.rays();
      if (!rays.eyes[at]) continue;
      const auto estimate = geometric_->estimate(side, *rays.eyes[at]);
      if (!estimate) continue;
      // What turns the line of sight onto the target.
      const Eigen::Vector2d missing =
          estimate->mm_by_rad.inverse() * (fixation.target_in_screen_mm - estimate->point_in_screen_mm);
      points.push_back({angles_of(estimate->direction_in_screen), missing,
                        0.5 * fixation.eyes[at]->mean_covariance_in_cam.trace()});
    }
    if (points.size() >= least_points) processes_[at] = GaussianProcess::fit(points, bounds);
  }
}

std::optional<GazePoint> GaussianProcessMapper::map(const GazeRays& rays) const {
  std::array<std::optional<EyeEstimate>, 2> eyes;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const auto at = static_cast<std::size_t>(side);
    if (!rays.eyes[at]) continue;
    eyes[at] = geometric_->estimate(side, *rays.eyes[at]);
    if (!eyes[at] || !processes_[at]) continue;
    const GaussianProcess& process = *processes_[at];
    const auto prediction = process.predict(angles_of(eyes[at]->direction_in_screen));
    eyes[at]->point_in_screen_mm += eyes[at]->mm_by_rad * prediction.mean_rad;
    const double variance = process.noise_rad() * process.noise_rad() + prediction.variance_rad2;
    eyes[at]->scatter_variance_rad2 +=
        prediction.share * (fitted_scale_ * variance - eyes[at]->scatter_variance_rad2);
  }
  return geometric_->combine(eyes);
}

}  // namespace yarbus
