#include "eyemodel/fit/fit_state.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Geometry>
#include <Eigen/LU>

#include "eyemodel/geometry/conic.h"
#include "eyemodel/geometry/unproject_ellipse.h"

namespace yarbus {

std::size_t FitState::inliers() const {
  return static_cast<std::size_t>(
      std::count_if(pupils.begin(), pupils.end(), [](const FitPupil& p) { return p.is_inlier; }));
}

PupilParameters parameters_of(const FitState& state, const FitPupil& pupil) {
  PupilParameters parameters;
  parameters << state.eye_center_in_cam_mm, 0.0, 0.0, pupil.pupil_in_cam.radius_mm;
  return parameters;
}

Circle3 pupil_at(const Eigen::Vector3d& eye_center_in_cam_mm, double eyeball_radius_mm,
                 const PupilChart& chart, double a_mm, double b_mm, double radius_mm) {
  const Eigen::Vector3d gaze = chart.gaze_at(a_mm, b_mm, eyeball_radius_mm);
  return {eye_center_in_cam_mm + eyeball_radius_mm * gaze, gaze, radius_mm};
}

std::optional<Circle3> tangent_pupil(const Ellipse& ellipse, const CameraIntrinsics& intrinsics,
                                     const Eigen::Vector3d& eye_center_in_cam_mm, double eyeball_radius_mm) {
  const auto candidates = unproject_ellipse(ellipse, intrinsics, 1.0);
  if (!candidates) return std::nullopt;
  // Either candidate gives nearly the same ray; take the one whose normal agrees better with the sphere's.
  std::optional<Circle3> best;
  double best_agreement = -2.0;
  for (const Circle3& candidate : *candidates) {
    const Eigen::Vector3d ray = candidate.center_in_cam_mm.normalized();
    const double along = ray.dot(eye_center_in_cam_mm);
    const double under_root =
        along * along - eye_center_in_cam_mm.squaredNorm() + eyeball_radius_mm * eyeball_radius_mm;
    if (!(under_root >= 0.0)) continue;
    const double distance = along - std::sqrt(under_root);
    if (!(distance > 0.0)) continue;
    Circle3 pupil;
    pupil.center_in_cam_mm = distance * ray;
    pupil.normal_in_cam = (pupil.center_in_cam_mm - eye_center_in_cam_mm) / eyeball_radius_mm;
    pupil.radius_mm = distance / candidate.center_in_cam_mm.norm();
    const double agreement = pupil.normal_in_cam.dot(candidate.normal_in_cam);
    if (agreement > best_agreement) {
      best_agreement = agreement;
      best = pupil;
    }
  }
  return best;
}

void update_rms(FitState& state) {
  for (FitPupil& pupil : state.pupils) {
    const auto outline =
        pupil_outline(parameters_of(state, pupil), PupilChart::about(pupil.pupil_in_cam.normal_in_cam),
                      state.eyeball_radius_mm, state.intrinsics);
    if (!outline || pupil.edges_px.empty()) {
      pupil.rms_px = std::numeric_limits<double>::infinity();
      continue;
    }
    double sum = 0.0;
    for (const Eigen::Vector2d& edge : pupil.edges_px) {
      const double distance = outline->distance_px(edge.x(), edge.y());
      sum += distance * distance;
    }
    pupil.rms_px = std::sqrt(sum / static_cast<double>(pupil.edges_px.size()));
  }
}

void reject_outliers(FitState& state, double floor_px) {
  std::vector<double> rms;
  for (const FitPupil& pupil : state.pupils) rms.push_back(pupil.rms_px);
  if (rms.empty()) return;
  const auto median_of = [](std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  };
  const double median = median_of(rms);
  std::vector<double> deviations;
  for (const FitPupil& pupil : state.pupils) deviations.push_back(std::abs(pupil.rms_px - median));
  constexpr double sigma_of_mad = 1.4826;
  const double limit = std::max(floor_px, median + 3.0 * sigma_of_mad * median_of(deviations));
  for (FitPupil& pupil : state.pupils) pupil.is_inlier = pupil.rms_px <= limit;
}

Eigen::Matrix3d eye_center_information(const FitState& state) {
  Eigen::Matrix3d information = Eigen::Matrix3d::Zero();
  for (const FitPupil& pupil : state.pupils) {
    if (!pupil.is_inlier) continue;
    const auto outline =
        pupil_outline(parameters_of(state, pupil), PupilChart::about(pupil.pupil_in_cam.normal_in_cam),
                      state.eyeball_radius_mm, state.intrinsics);
    if (!outline) continue;
    Eigen::Matrix<double, 6, 6> normal = Eigen::Matrix<double, 6, 6>::Zero();
    Eigen::Matrix<double, 1, 6> row;
    for (const Eigen::Vector2d& edge : pupil.edges_px) {
      outline->distance_px(edge.x(), edge.y(), row);
      normal.noalias() += row.transpose() * row;
    }
    const Eigen::Matrix3d own = normal.bottomRightCorner<3, 3>();
    const Eigen::Matrix3d cross = normal.topRightCorner<3, 3>();
    Eigen::FullPivLU<Eigen::Matrix3d> factor(own);
    if (!factor.isInvertible()) continue;
    information += normal.topLeftCorner<3, 3>() - cross * factor.solve(cross.transpose());
  }
  return information;
}

}  // namespace yarbus
