#include "eyemodel/fit/predict_refraction.h"

#include <cmath>

#include "eyemodel/fit/refraction_evidence.h"
#include "eyemodel/geometry/conic.h"

namespace yarbus {
namespace {

constexpr int iterations_to_come_near = 4;

PoseUncertainty uncertainty_of(const TurnFit& fit, const RefractedFrame& view,
                               const ModelCovariance& model_covariance_mm2) {
  const TurnCovariance covariance = turn_covariance(fit.equations, model_covariance_mm2);
  // The chart's offsets turn the gaze by axis_by_turn, which is orthogonal to it.
  const Eigen::Matrix<double, 3, 2> axis_by_turn = view.axis_by_turn();
  PoseUncertainty uncertainty;
  uncertainty.gaze_covariance_in_cam =
      axis_by_turn * covariance.topLeftCorner<2, 2>() * axis_by_turn.transpose();
  uncertainty.pupil_diameter_mm = 2.0 * std::sqrt(covariance(2, 2));
  return uncertainty;
}

}  // namespace

std::optional<EyePose> predict_refraction(const EyeModel& model, const PupilObservation& undistorted,
                                          const Eigen::Vector3d& eye_center_in_cam_mm) {
  const EyeShape shape = shape_of(eye_center_in_cam_mm, model.anatomy);
  if (!is_possible(shape)) return std::nullopt;
  const CameraIntrinsics pinhole = model.intrinsics.pinhole();
  PupilChart chart;
  const auto start = starting_turn(undistorted.ellipse, shape, pinhole, chart);
  if (!start) return std::nullopt;
  const RefractionEvidence evidence = RefractionEvidence::from(undistorted);
  // Near with a quarter of the points, there with all.
  const auto near = fit_turn(evidence.thinned(4), shape, chart, *start, pinhole, iterations_to_come_near);
  const auto fit = fit_turn(evidence, shape, chart, near ? near->turn : *start, pinhole);
  if (!fit) return std::nullopt;
  const RefractedFrame view(shape, chart, fit->turn, pinhole);
  const auto outline = view.pupil_ellipse();
  if (!outline) return std::nullopt;

  EyePose pose;
  pose.eye_center_in_cam_mm = eye_center_in_cam_mm;
  pose.eyeball_radius_mm = model.anatomy.pupil_plane_mm;
  pose.pupil_in_cam = view.pupil_in_cam();
  pose.reprojected_ellipse = *outline;
  pose.reprojection_error_px = mean_outline_distance_px(undistorted.ellipse, *outline);
  pose.uncertainty = uncertainty_of(*fit, view, model.covariance_mm2);
  const bool is_finite = pose.pupil_in_cam.center_in_cam_mm.allFinite() &&
                         std::isfinite(pose.reprojection_error_px) &&
                         pose.uncertainty->gaze_covariance_in_cam.allFinite() &&
                         std::isfinite(pose.uncertainty->pupil_diameter_mm);
  return is_finite ? std::optional(pose) : std::nullopt;
}

}  // namespace yarbus
