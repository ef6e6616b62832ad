#pragma once

#include <vector>

#include <Eigen/Core>
#include <ceres/cost_function.h>

#include "eyemodel/fit/pupil_outline.h"

namespace yarbus {

/// Robust signed distances of one frame's edge points to its projected pupil.
/// Parameters: eye centre in cam (3, mm); pupil a, b, radius (3, mm). Residuals: one a point,
/// r = d s / sqrt(s^2 + d^2) with d the Sampson distance (px) and s the scale (Geman & McClure's loss, so a
/// glint or lash counts no more than s). Outside the domain of pupil_outline() the evaluation fails, so the
/// solver rejects the step.
class EdgeCost final : public ceres::CostFunction {
 public:
  EdgeCost(const std::vector<Eigen::Vector2d>& edges_px, const PupilChart& chart, double eyeball_radius_mm,
           const CameraIntrinsics& intrinsics, double scale_px);
  bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override;

 private:
  const std::vector<Eigen::Vector2d>& edges_px_;
  PupilChart chart_;
  double eyeball_radius_mm_;
  const CameraIntrinsics& intrinsics_;
  double scale_px_;
};

}  // namespace yarbus
