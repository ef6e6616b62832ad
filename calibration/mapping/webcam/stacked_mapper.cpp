#include "calibration/mapping/webcam/stacked_mapper.h"

#include <algorithm>
#include <functional>

namespace yarbus {
namespace {

/// The nearest point whose numbers are not negative and sum to one (Held, Wolfe & Crowder 1974).
Eigen::VectorXd onto_simplex(const Eigen::VectorXd& values) {
  Eigen::VectorXd sorted = values;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  double sum = 0.0;
  double shift = 0.0;
  for (Eigen::Index k = 0; k < sorted.size(); ++k) {
    sum += sorted[k];
    const double tried = (sum - 1.0) / static_cast<double>(k + 1);
    if (sorted[k] > tried) shift = tried;
  }
  return (values.array() - shift).cwiseMax(0.0);
}

}  // namespace

Eigen::VectorXd stacking_weights(const Eigen::MatrixXd& error_products) {
  const Eigen::Index count = error_products.rows();
  Eigen::VectorXd weights = Eigen::VectorXd::Constant(count, 1.0 / static_cast<double>(count));
  const double steepest = error_products.trace();
  if (!(steepest > 0.0)) return weights;
  for (int step = 0; step < 2000; ++step) {
    const Eigen::VectorXd next = onto_simplex(weights - error_products * weights / steepest);
    const bool is_done = (next - weights).cwiseAbs().maxCoeff() < 1e-7;
    weights = next;
    if (is_done) break;
  }
  return weights;
}

std::optional<GazePoint> StackedMapper::map(const GazeRays& rays) const {
  GazePoint sum;
  double weights = 0.0;
  for (const Member& member : members_) {
    if (member.weight <= 0.0) continue;
    const auto point = member.mapper->map(rays);
    if (!point) continue;
    sum.point_in_screen_mm += member.weight * point->point_in_screen_mm;
    sum.covariance_mm2 += member.weight * point->covariance_mm2;
    for (std::size_t eye = 0; eye < 2; ++eye) sum.eyes[eye] = sum.eyes[eye] || point->eyes[eye];
    weights += member.weight;
  }
  if (!(weights > 0.0)) return std::nullopt;
  sum.point_in_screen_mm /= weights;
  sum.covariance_mm2 *= fitted_scale_ / weights;
  return sum;
}

}  // namespace yarbus
