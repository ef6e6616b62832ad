#include "eyemodel/fit/contrast_cost.h"

#include <algorithm>

#include <Eigen/Eigenvalues>

#include "eyemodel/fit/supported_patch.h"
#include "eyemodel/geometry/conic.h"

namespace yarbus {
namespace {

/// Edge points this near the outline bear it out.
constexpr double support_tolerance_px = 1.5;
/// How far beyond its bands an outline may wander while it is moved.
constexpr double wander_px = 6.0;

}  // namespace

std::optional<ContrastFrame> make_contrast_frame(const Circle3& pupil,
                                                 const Eigen::Vector3d& eye_center_in_cam_mm,
                                                 double eyeball_radius_mm, const CameraIntrinsics& intrinsics,
                                                 const PupilObservation& observation,
                                                 const BandSettings& settings, ImagePatch& patch) {
  ContrastFrame frame{&patch, PupilChart::about(pupil.normal_in_cam), {}, eyeball_radius_mm, intrinsics};
  PupilParameters at;
  at << eye_center_in_cam_mm, 0.0, 0.0, pupil.radius_mm;
  const auto outline = pupil_outline(at, frame.chart, eyeball_radius_mm, intrinsics);
  const auto ellipse = project_circle(pupil, intrinsics);
  if (!outline || !ellipse) return std::nullopt;
  frame.bands = balanced_bands(*ellipse, settings);
  keep_supported_sectors(patch, observation, *outline, support_tolerance_px,
                         2.0 * settings.width_px + wander_px);
  if (!band_contrast(outline->conic, patch, frame.bands).is_valid) return std::nullopt;
  return frame;
}

std::optional<ContrastCost> contrast_cost(const ContrastFrame& frame, const PupilParameters& at) {
  const auto outline = pupil_outline(at, frame.chart, frame.eyeball_radius_mm, frame.intrinsics);
  if (!outline) return std::nullopt;
  const BandContrast contrast = band_contrast(outline->conic, *frame.patch, frame.bands);
  if (!contrast.is_valid) return std::nullopt;
  return ContrastCost{-contrast.contrast_gray,
                      -(outline->conic_by_parameters.transpose() * contrast.by_conic)};
}

std::optional<ContrastQuadratic> contrast_quadratic(const ContrastFrame& frame, const PupilParameters& at,
                                                    int first) {
  const auto here = contrast_cost(frame, at);
  if (!here) return std::nullopt;
  ContrastQuadratic model{here->cost, here->gradient, Eigen::Matrix<double, 6, 6>::Zero()};
  constexpr double step_mm = 2e-3;  // a tenth of a pixel or less
  for (int k = first; k < 6; ++k) {
    PupilParameters moved = at;
    moved[k] += step_mm;
    const auto there = contrast_cost(frame, moved);
    if (!there) return std::nullopt;
    model.curvature.col(k).tail(6 - first) = (there->gradient - here->gradient).tail(6 - first) / step_mm;
  }
  const Eigen::Matrix<double, 6, 6> symmetric = 0.5 * (model.curvature + model.curvature.transpose());
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix<double, 6, 6>> eigen(symmetric);
  const double largest = eigen.eigenvalues().cwiseAbs().maxCoeff();
  const PupilParameters positive = eigen.eigenvalues().cwiseAbs().cwiseMax(1e-9 * std::max(largest, 1e-12));
  model.curvature = eigen.eigenvectors() * positive.asDiagonal() * eigen.eigenvectors().transpose();
  return model;
}

}  // namespace yarbus
