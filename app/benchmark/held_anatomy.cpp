#include "app/benchmark/held_anatomy.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Cholesky>

#include "eyemodel/fit/predict.h"
#include "eyemodel/geometry/corneal_refraction.h"

namespace yarbus::benchmark {
namespace {

/// Edge points are floats, and predict() settles at about this much of a degree: a shorter difference
/// would be their noise.
constexpr double difference_mm = 0.02;
constexpr double settled_mm = 1e-5;
constexpr int most_iterations = 40;

std::optional<Eigen::VectorXd> residuals_mm(std::span<const FitFrame> frames, const EyeModel& model) {
  std::size_t count = 0;
  for (const FitFrame& frame : frames) count += frame.observation.edge_points.size();
  Eigen::VectorXd residuals(static_cast<Eigen::Index>(count));
  Eigen::Index at = 0;
  for (const FitFrame& frame : frames) {
    const auto pose = predict(model, frame.observation);
    if (!pose) return std::nullopt;
    const RefractingEye eye{model.eye_center_in_cam_mm, pose->gaze_dir_in_cam(), model.anatomy.pupil_plane_mm,
                            model.anatomy.cornea_center_mm, model.anatomy.cornea_radius_mm};
    for (const EdgePoint& edge : frame.observation.edge_points) {
      const Eigen::Vector3d ray =
          Eigen::Vector3d((edge.position_px.x() - model.intrinsics.cx_px) / model.intrinsics.fx_px,
                          (edge.position_px.y() - model.intrinsics.cy_px) / model.intrinsics.fy_px, 1.0)
              .normalized();
      const auto passage = pass_cornea(eye, ray);
      if (!passage) return std::nullopt;
      residuals[at++] = passage->from_axis_in_cam_mm.norm() - pose->pupil_in_cam.radius_mm;
    }
  }
  return residuals;
}

}  // namespace

EyeModel known_eye(const CameraIntrinsics& intrinsics, const Eigen::Vector3d& eye_center_in_cam_mm,
                   const OpticalAnatomy& anatomy) {
  EyeModel model;
  model.version = 1;
  model.stage = FitStage::refraction;
  model.intrinsics = intrinsics;
  model.eye_center_in_cam_mm = eye_center_in_cam_mm;
  model.anatomy = anatomy;
  model.eyeball_radius_mm = anatomy.pupil_plane_mm;
  model.report.was_run = true;
  model.report.converged = true;
  model.report.stage = FitStage::refraction;
  return model;
}

std::optional<Eigen::Vector3d> center_with_held_anatomy(std::span<const FitFrame> frames,
                                                        const CameraIntrinsics& intrinsics,
                                                        const Eigen::Vector3d& start_in_cam_mm,
                                                        const OpticalAnatomy& anatomy) {
  const auto residuals_at = [&](const Eigen::Vector3d& center) {
    return residuals_mm(frames, known_eye(intrinsics, center, anatomy));
  };
  Eigen::Vector3d center = start_in_cam_mm;
  auto here = residuals_at(center);
  if (!here) return std::nullopt;
  double damping = 1e-3;
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    Eigen::Matrix<double, Eigen::Dynamic, 3> slopes(here->size(), 3);
    for (int axis = 0; axis < 3; ++axis) {
      const auto ahead = residuals_at(center + difference_mm * Eigen::Vector3d::Unit(axis));
      const auto behind = residuals_at(center - difference_mm * Eigen::Vector3d::Unit(axis));
      if (!ahead || !behind) return std::nullopt;
      slopes.col(axis) = (*ahead - *behind) / (2.0 * difference_mm);
    }
    const Eigen::Matrix3d normal = slopes.transpose() * slopes;
    const Eigen::Vector3d pull = -slopes.transpose() * *here;
    bool has_moved = false;
    while (!has_moved && damping < 1e6) {
      Eigen::Matrix3d damped = normal;
      damped.diagonal() *= 1.0 + damping;
      const Eigen::Vector3d step = damped.ldlt().solve(pull);
      const auto there = residuals_at(center + step);
      if (there && there->squaredNorm() < here->squaredNorm()) {
        center += step;
        here = there;
        damping = std::max(1e-9, 0.1 * damping);
        has_moved = true;
      } else {
        damping *= 10.0;
      }
      if (step.norm() < settled_mm) return center;
    }
    if (!has_moved) break;  // no step is better: this is the place
  }
  return center;
}

}  // namespace yarbus::benchmark
