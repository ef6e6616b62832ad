#include "eyemodel/fit/predict_outline.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <Eigen/Geometry>

#include "eyemodel/fit/pupil_outline.h"
#include "eyemodel/fit/refracted_frame.h"
#include "eyemodel/geometry/conic.h"
#include "eyemodel/geometry/undistort.h"
#include "eyemodel/types/angle.h"

namespace yarbus {
namespace {


/// Random walks of the gaze and of the radius, in the root of a second.
constexpr double gaze_walk_rad = 4.0 * rad_per_deg;
constexpr double radius_walk_fraction = 0.1;
/// Turning that goes on: pursuit, drift, a head that moves. Faster is a saccade, which ends soon.
constexpr double steady_rad_per_s = 40.0 * rad_per_deg;
constexpr double longest_steady_step_s = 0.1;

/// The model's own error, as shares of the outline's mean radius.
constexpr double least_model_error = 0.01;
constexpr double most_disagreement = 0.07;
constexpr double most_disagreement_px = 1.0;  // in small images

/// Discs seen closer to edge-on than this (cosine between normal and viewing ray) have no usable outline.
constexpr double min_facing_cosine = 0.05;

using OutlineVector = Eigen::Matrix<double, 5, 1>;

OutlineVector vector_of(const Ellipse& ellipse) {
  const OutlineShape shape = OutlineShape::from(ellipse);
  OutlineVector vector;
  vector << shape.center_px, shape.s_xx_px, shape.s_xy_px, shape.s_yy_px;
  return vector;
}

/// The disc tangent to the model's eyeball.
std::optional<Circle3> disc_at(const EyeModel& model, const Eigen::Vector3d& eye_center_in_cam_mm,
                               const Eigen::Vector3d& gaze_dir_in_cam, double radius_mm) {
  const Circle3 disc{eye_center_in_cam_mm + model.eyeball_radius_mm * gaze_dir_in_cam, gaze_dir_in_cam,
                     radius_mm};
  const double facing = -gaze_dir_in_cam.dot(disc.center_in_cam_mm);
  if (!(facing > min_facing_cosine * disc.center_in_cam_mm.norm()) || !(radius_mm > 0.0)) return std::nullopt;
  return disc;
}

/// The pupil's outline in the undistorted image: through the cornea where the model has one.
std::optional<Ellipse> undistorted_outline(const EyeModel& model, const Eigen::Vector3d& eye_center_in_cam_mm,
                                           const Eigen::Vector3d& gaze_dir_in_cam, double radius_mm) {
  const auto disc = disc_at(model, eye_center_in_cam_mm, gaze_dir_in_cam, radius_mm);
  if (!disc) return std::nullopt;
  if (model.stage != FitStage::refraction) return project_circle(*disc, model.intrinsics);
  const EyeShape shape = shape_of(eye_center_in_cam_mm, model.anatomy);
  if (!is_possible(shape)) return std::nullopt;
  return RefractedFrame(shape, PupilChart::about(gaze_dir_in_cam), {0.0, 0.0, radius_mm},
                        model.intrinsics.pinhole())
      .pupil_ellipse();
}

std::optional<Ellipse> captured_outline(const EyeModel& model, const Eigen::Vector3d& eye_center_in_cam_mm,
                                        const Eigen::Vector3d& gaze_dir_in_cam, double radius_mm) {
  const auto undistorted = undistorted_outline(model, eye_center_in_cam_mm, gaze_dir_in_cam, radius_mm);
  return undistorted ? distort(model.intrinsics, *undistorted) : std::nullopt;
}

/// Where the model's pupil of that pose is seen from the eye's centre. The unprojection stage's disc has a
/// normal of its own; its centre tells the direction in every stage.
Eigen::Vector3d gaze_of(const EyePose& pose) {
  return (pose.pupil_in_cam.center_in_cam_mm - pose.eye_center_in_cam_mm).normalized();
}

std::optional<ProjectedOutline> project_from(const EyeModel& model,
                                             const Eigen::Vector3d& eye_center_in_cam_mm,
                                             const Eigen::Vector3d& gaze_dir_in_cam, double radius_mm) {
  const auto captured = captured_outline(model, eye_center_in_cam_mm, gaze_dir_in_cam, radius_mm);
  if (!captured) return std::nullopt;
  ProjectedOutline outline{*captured, {}};
  const PupilChart chart = PupilChart::about(gaze_dir_in_cam);
  constexpr double step_rad = 1e-4;
  const std::array<double, 3> steps{step_rad, step_rad, 1e-4 * radius_mm};
  for (int k = 0; k < 3; ++k) {
    std::array<std::optional<Ellipse>, 2> sides;
    for (const double sign : {-1.0, 1.0}) {
      Eigen::Vector3d moved = Eigen::Vector3d::Zero();
      moved[k] = sign * steps[static_cast<std::size_t>(k)];
      sides[sign > 0.0 ? 1 : 0] = captured_outline(
          model, eye_center_in_cam_mm, chart.gaze_at(moved.x(), moved.y(), 1.0), radius_mm + moved.z());
    }
    if (!sides[0] || !sides[1]) return std::nullopt;
    outline.by_motion.col(k) =
        (vector_of(*sides[1]) - vector_of(*sides[0])) / (2.0 * steps[static_cast<std::size_t>(k)]);
  }
  return outline;
}

}  // namespace

ExpectedMotion expected_motion(double step_s) {
  const double root = std::sqrt(step_s);
  return {gaze_walk_rad * root, radius_walk_fraction * root};
}

std::optional<ProjectedOutline> project_outline(const EyeModel& model, const Eigen::Vector3d& gaze_dir_in_cam,
                                                double radius_mm) {
  return project_from(model, model.eye_center_in_cam_mm, gaze_dir_in_cam, radius_mm);
}

std::optional<PupilPrior> predict_outline(const EyeModel& model, const EyePose& last, const EyePose* before,
                                          double step_s) {
  if (!(step_s > 0.0) || !std::isfinite(step_s)) return std::nullopt;
  const Eigen::Vector3d gaze = gaze_of(last);
  const double radius_mm = last.pupil_in_cam.radius_mm;

  const auto was = undistorted_outline(model, last.eye_center_in_cam_mm, gaze, radius_mm);
  if (!was || !last.reprojected_ellipse.is_valid()) return std::nullopt;
  const double mean_radius_px = OutlineShape::from(*was).mean_radius_px();
  const double disagreement_px =
      last.reprojection_error_px + mean_outline_distance_px(last.reprojected_ellipse, *was);
  if (!(disagreement_px <= std::max(most_disagreement_px, most_disagreement * mean_radius_px)))
    return std::nullopt;

  Eigen::Vector3d expected = gaze;
  if (before != nullptr && step_s <= longest_steady_step_s) {
    const Eigen::Vector3d turn = gaze - gaze_of(*before);
    if (turn.norm() <= steady_rad_per_s * step_s) expected = (gaze + turn).normalized();
  }
  const auto outline = project_from(model, last.eye_center_in_cam_mm, expected, radius_mm);
  if (!outline) return std::nullopt;

  const ExpectedMotion motion = expected_motion(step_s);
  const Eigen::Vector3d sigmas(motion.gaze_rad, motion.gaze_rad, motion.radius_fraction * radius_mm);
  const Eigen::Matrix<double, 5, 3> scaled = outline->by_motion * sigmas.asDiagonal();
  const double model_error_px = std::hypot(least_model_error * mean_radius_px, disagreement_px);
  PupilPrior prior{outline->captured};
  prior.covariance_px2 =
      scaled * scaled.transpose() + model_error_px * model_error_px * OutlineCovariance::Identity();
  if (!prior.ellipse.is_valid() || !prior.covariance_px2.allFinite()) return std::nullopt;
  return prior;
}

}  // namespace yarbus
