#include "calibration/mapping/webcam/fit_lids.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <Eigen/Cholesky>

#include "calibration/mapping/webcam/webcam_geometry.h"
#include "calibration/mapping/webcam/webcam_model.h"

namespace yarbus {
namespace {

constexpr double usual_noise_mm = 0.35;
constexpr double noise_weight = 4.0;           ///< as strongly as so many targets would say it
constexpr double usual_eye_correlation = 0.7;  ///< of the upper lids' noise
constexpr double weights_fitted = 2.5;         ///< of a lid, to as many targets as there are
/// Upper, lower: at rest, by the axis' x, by its y (mm; 10.6 mm of iris way for a whole unit).
constexpr std::array<std::array<double, 3>, 2> usual_weights{{{-4.0, 0.0, 6.6}, {5.5, 0.0, 2.6}}};
constexpr std::array<double, 3> weight_sigmas{10.0, 2.0, 2.5};

Eigen::Vector3d regressors(const WebcamGeometry& geometry, const RigidTransform& cam_from_head,
                           std::size_t eye, const Eigen::Vector2d& target_in_screen_mm) {
  const Eigen::Vector2d from_middle = target_in_screen_mm - geometry.middle_mm();
  const Eigen::Vector3d axis =
      webcam_model::optical_axis_at(geometry.eyes[eye].data(), geometry.screen.data(), geometry.head_scale,
                                    cam_from_head, static_cast<EyeSide>(eye), from_middle);
  return {1.0, axis[0], axis[1]};
}

/// The lids' residuals of a frame; what is absent is NaN.
Eigen::Vector4d residuals_mm(const LidModel& model, const WebcamGeometry& geometry, const FaceFrame& frame) {
  Eigen::Vector4d residuals = Eigen::Vector4d::Constant(std::nan(""));
  for (int i = 0; i < 2; ++i) {
    const auto eye = static_cast<std::size_t>(i);
    const EyeSight* seen = eye_to_use(frame.rays, static_cast<EyeSide>(i));
    if (seen == nullptr || !model.eyes[eye].is_fitted) continue;
    const Eigen::Vector3d x =
        regressors(geometry, frame.rays.face->head.cam_from_head, eye, frame.target_in_screen_mm);
    residuals.segment<2>(2 * i) =
        Eigen::Vector2d(seen->upper_lid_mm, seen->lower_lid_mm) - model.eyes[eye].weights * x;
  }
  return residuals;
}

/// Products of residuals, every target alike; what opens one eye wider opens the other.
Eigen::Matrix4d noise_of(std::span<const FaceTarget> targets, const LidModel& model,
                         const WebcamGeometry& geometry) {
  Eigen::Matrix4d usual = Eigen::Matrix4d::Identity();
  usual(0, 2) = usual(2, 0) = usual_eye_correlation;
  Eigen::Matrix4d squares = Eigen::Matrix4d::Zero();
  for (const FaceTarget& target : targets) {
    Eigen::Matrix4d sum = Eigen::Matrix4d::Zero();
    Eigen::Matrix4d count = Eigen::Matrix4d::Zero();
    for (const FaceFrame& frame : target.frames) {
      const Eigen::Vector4d off = residuals_mm(model, geometry, frame);
      for (int i = 0; i < 4; ++i) {
        for (int j = 0; j < 4; ++j) {
          if (!std::isfinite(off[i]) || !std::isfinite(off[j])) continue;
          sum(i, j) += std::clamp(off[i], -3.0, 3.0) * std::clamp(off[j], -3.0, 3.0);
          count(i, j) += 1.0;
        }
      }
    }
    squares += sum.cwiseQuotient(count.cwiseMax(1.0));
  }
  const auto count = static_cast<double>(targets.size());
  const double degrees = std::max(1.0, count - weights_fitted);
  return (noise_weight * usual_noise_mm * usual_noise_mm * usual + squares * count / degrees) /
         (noise_weight + count);
}

}  // namespace

std::optional<LidModel> fit_lids(std::span<const FaceTarget> targets, std::span<const FaceBundle> bundles,
                                 const WebcamGeometry& geometry) {
  if (targets.size() < 3) return std::nullopt;
  LidModel model;
  std::vector<double> bundles_of(targets.size(), 0.0);
  for (const FaceBundle& bundle : bundles) bundles_of[bundle.target] += 1.0;
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (!geometry.has_eye[eye]) continue;
    Eigen::Matrix3d information = Eigen::Matrix3d::Zero();
    Eigen::Matrix<double, 3, 2> right_side = Eigen::Matrix<double, 3, 2>::Zero();
    for (int k = 0; k < 3; ++k) {
      const auto at = static_cast<std::size_t>(k);
      information(k, k) = std::pow(usual_noise_mm / weight_sigmas[at], 2);
      for (int lid = 0; lid < 2; ++lid)
        right_side(k, lid) = information(k, k) * usual_weights[static_cast<std::size_t>(lid)][at];
    }
    for (const FaceBundle& bundle : bundles) {
      if (!bundle.eyes[eye]) continue;
      const Eigen::Vector3d x = regressors(geometry, bundle.cam_from_head, eye, bundle.target_in_screen_mm);
      const double weight = 1.0 / std::sqrt(bundles_of[bundle.target]);
      information += weight * x * x.transpose();
      right_side += weight * x * bundle.eyes[eye]->lids_mm.transpose();
    }
    LidModel::Eye& fitted = model.eyes[eye];
    fitted.doubt = information.inverse();
    fitted.weights = information.llt().solve(right_side).transpose();
    fitted.is_fitted = true;
  }
  model.noise_mm2 = noise_of(targets, model, geometry);
  return model;
}

}  // namespace yarbus
