#include "calibration/mapping/webcam/patch_ridge.h"

#include <vector>

#include <Eigen/Eigenvalues>

namespace yarbus {

std::optional<PatchRidge::Features> PatchRidge::features(const GazeRays& rays, Source source) {
  Features features = Features::Zero();
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    if (source != both && static_cast<int>(side) != static_cast<int>(source)) continue;
    const EyeSight* eye = eye_to_use(rays, side);
    if (eye == nullptr) return std::nullopt;
    const SmallPatch levels = equalise_patch(shrink_patch(eye->patch));
    for (std::size_t i = 0; i < levels.size(); ++i)
      features[static_cast<Eigen::Index>(static_cast<std::size_t>(side) * small_patch_pixels + i)] =
          levels[i];
  }
  return features;
}

PatchRidge PatchRidge::fit(std::span<const FaceTarget> targets, double variance_mm2, double ridge) {
  using Square = Eigen::Matrix<double, 2 * small_patch_pixels, 2 * small_patch_pixels>;
  PatchRidge made;
  made.variance_mm2_ = variance_mm2;
  for (const Source source : {right, left, both}) {
    Eigen::MatrixXd products = Square::Zero();
    Eigen::Matrix<double, 2 * small_patch_pixels, 2> right_side =
        Eigen::Matrix<double, 2 * small_patch_pixels, 2>::Zero();
    int count = 0;
    for (const FaceTarget& target : targets) {
      for (const FaceFrame& frame : target.frames) {
        const auto x = features(frame.rays, source);
        if (!x) continue;
        products.selfadjointView<Eigen::Lower>().rankUpdate(*x);
        right_side += *x * frame.target_in_screen_mm.transpose();
        ++count;
      }
    }
    if (count < 3) continue;
    // By eigenvalues, since fewer frames than numbers leave most of them zero.
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> parts(products);
    const Eigen::VectorXd inverse = (parts.eigenvalues().cwiseMax(0.0).array() + ridge).inverse();
    const Eigen::MatrixXd in_parts = parts.eigenvectors().transpose() * right_side;
    made.weights_[source] = parts.eigenvectors() * (inverse.asDiagonal() * in_parts);
  }
  return made;
}

std::optional<GazePoint> PatchRidge::map(const GazeRays& rays) const {
  for (const Source source : {both, right, left}) {
    const auto& weights = weights_[source];
    if (!weights) continue;
    const auto x = features(rays, source);
    if (!x) continue;
    GazePoint point;
    point.point_in_screen_mm = weights->transpose() * *x;
    point.covariance_mm2 = variance_mm2_ * Eigen::Matrix2d::Identity();
    point.eyes = {source != left, source != right};
    if (!point.point_in_screen_mm.allFinite()) return std::nullopt;
    return point;
  }
  return std::nullopt;
}

}  // namespace yarbus
