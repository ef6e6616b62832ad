#include "app/benchmark/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <Eigen/Geometry>

#include "eyemodel/geometry/undistort.h"

namespace yarbus::benchmark {
namespace {

constexpr double deg_from_rad = 180.0 / std::numbers::pi;

/// NaN in, NaN out. From the cross product too, so that small angles keep their digits.
double angle_deg(const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  return std::atan2(a.cross(b).norm(), a.dot(b)) * deg_from_rad;
}

/// True distance from eye centre to pupil centre; nullopt if the recording does not say.
std::optional<double> true_arm_mm(const FrameLabel& label) {
  if (!label.eye_center_in_cam_mm || !label.pupil_center_in_cam_mm) return std::nullopt;
  return (*label.pupil_center_in_cam_mm - *label.eye_center_in_cam_mm).norm();
}

}  // namespace

FrameScore score_detection(const FrameLabel& label, const std::optional<Ellipse>& detected) {
  FrameScore score;
  score.frame = label.frame;
  score.kind = kind_of(label);
  score.visible_fraction = label.visible_fraction;
  score.was_found = detected.has_value();
  if (detected && label.pupil_ellipse) {
    score.center_px = (detected->center_px - label.pupil_ellipse->center_px).norm();
    score.outline_px = outline_error_px(*detected, *label.pupil_ellipse);
  }
  if (label.gaze_dir_in_cam && label.eye_center_in_cam_mm) {
    score.eccentricity_deg = angle_deg(*label.gaze_dir_in_cam, -*label.eye_center_in_cam_mm);
  }
  return score;
}

StageScore score_pose(const FrameLabel& label, const std::optional<EyePose>& pose,
                      const CameraIntrinsics& intrinsics) {
  StageScore score;
  if (!pose) return score;
  score.has_pose = true;
  if (label.gaze_dir_in_cam) {
    score.gaze_deg = angle_deg(pose->gaze_dir_in_cam(), *label.gaze_dir_in_cam);
    if (pose->uncertainty)
      score.mahalanobis_squared =
          pose->uncertainty->mahalanobis_squared(pose->gaze_dir_in_cam(), *label.gaze_dir_in_cam);
  }
  if (label.pupil_ellipse) {
    PupilObservation truth;
    truth.ellipse = *label.pupil_ellipse;
    const auto undistorted = undistort(intrinsics, truth);
    score.outline_px = undistorted ? outline_error_px(pose->reprojected_ellipse, undistorted->ellipse)
                                   : std::numeric_limits<double>::quiet_NaN();
  }
  if (const auto arm_mm = true_arm_mm(label)) {
    // Stage `refraction` has its size from the population: it is judged as it is.
    const double scale = pose->uncertainty ? 1.0 : *arm_mm / pose->eyeball_radius_mm;
    const Eigen::Vector3d off = scale * pose->eye_center_in_cam_mm - *label.eye_center_in_cam_mm;
    const double along = off.dot(label.eye_center_in_cam_mm->normalized());
    score.eye_center_mm = off.norm();
    score.eye_center_depth_mm = std::abs(along);
    score.eye_center_across_mm = std::sqrt(std::max(0.0, off.squaredNorm() - along * along));
    if (label.pupil_radius_mm) {
      score.pupil_diameter_mm = scale * pose->pupil_diameter_mm() - 2.0 * *label.pupil_radius_mm;
    }
  }
  return score;
}

Measurable measurable_in(const std::vector<FrameLabel>& labels) {
  Measurable found;
  for (const FrameLabel& label : labels) {
    const bool has_arm = true_arm_mm(label).has_value();
    found.gaze |= label.gaze_dir_in_cam.has_value();
    found.outline |= label.pupil_ellipse.has_value();
    found.visible_fraction |= label.visible_fraction.has_value();
    found.blink |= label.in_blink.has_value();
    found.eye_center |= has_arm;
    found.pupil_diameter |= has_arm && label.pupil_radius_mm.has_value();
  }
  return found;
}

}  // namespace yarbus::benchmark
