#pragma once

#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/fit/pupil_outline.h"

namespace yarbus {

/// One frame inside a fit.
struct FitPupil {
  const FitFrame* frame = nullptr;
  Circle3 pupil_in_cam;  ///< tangent to the eyeball (unprojection stage: with its own normal)
  std::vector<Eigen::Vector2d>
      edges_px;         ///< evenly thinned edge points, or points of the ellipse if the frame has none
  double rms_px = 0.0;  ///< of edge distances
  bool is_inlier = true;
};

/// What the stages hand to one another. Frames & units: cam, mm.
struct FitState {
  CameraIntrinsics intrinsics;
  double eyeball_radius_mm = 12.0;
  Eigen::Vector3d eye_center_in_cam_mm = Eigen::Vector3d::Zero();
  std::vector<FitPupil> pupils;
  int iterations = 0;
  bool converged = true;

  [[nodiscard]] std::size_t inliers() const;
};

/// The closed-form stages. Errors: the failure that the geometry shows.
std::optional<FitFailure> fit_unoptimised(FitState& state, const FitOptions& options);

/// Joint region contrast maximisation (paper eqs. 16-21), from the state's values.
std::optional<FitFailure> fit_contrast(FitState& state, const FitOptions& options);

/// Joint edge distance minimisation, from the state's values.
std::optional<FitFailure> fit_edges(FitState& state, const FitOptions& options);

/// Recomputes each pupil's rms_px under the state's model; infinite outside the model's domain.
void update_rms(FitState& state);

/// Marks pupils as outliers whose rms is far above the others' (median + 3 robust sigmas, at least
/// `floor_px`).
void reject_outliers(FitState& state, double floor_px);

/// The eye centre's 3x3 normal matrix after the pupils' own parameters are eliminated (Schur complement), per
/// px^2.
Eigen::Matrix3d eye_center_information(const FitState& state);

/// Parameters and chart of one pupil under the state.
PupilParameters parameters_of(const FitState& state, const FitPupil& pupil);

/// The pupil disc at offsets a, b on a chart.
Circle3 pupil_at(const Eigen::Vector3d& eye_center_in_cam_mm, double eyeball_radius_mm,
                 const PupilChart& chart, double a_mm, double b_mm, double radius_mm);

/// The disc tangent to the eyeball that the pupil's ray meets first, as large as the ellipse looks from
/// there. Errors: nullopt if the ray misses the eyeball.
std::optional<Circle3> tangent_pupil(const Ellipse& ellipse, const CameraIntrinsics& intrinsics,
                                     const Eigen::Vector3d& eye_center_in_cam_mm, double eyeball_radius_mm);

}  // namespace yarbus
