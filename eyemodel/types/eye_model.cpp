#include "eyemodel/types/eye_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>

namespace yarbus {

std::optional<FitStage> fit_stage_from_string(std::string_view name) {
  for (const FitStage stage : {FitStage::unprojection, FitStage::unoptimised, FitStage::contrast,
                               FitStage::edge, FitStage::refraction}) {
    if (to_string(stage) == name) return stage;
  }
  return std::nullopt;
}

std::optional<Circle3> visible_outline_of_sphere(const Eigen::Vector3d& center_in_cam_mm, double radius_mm) {
  const double distance_squared = center_in_cam_mm.squaredNorm();
  const double ratio = radius_mm * radius_mm / distance_squared;
  if (!(ratio < 1.0)) return std::nullopt;
  Circle3 outline;
  outline.center_in_cam_mm = center_in_cam_mm * (1.0 - ratio);
  outline.normal_in_cam = -center_in_cam_mm.normalized();
  outline.radius_mm = radius_mm * std::sqrt(1.0 - ratio);
  return outline;
}

Eigen::Vector3d point_on_circle(const Circle3& circle, double t_rad) {
  const Eigen::Vector3d& n = circle.normal_in_cam;
  const Eigen::Vector3d u = n.unitOrthogonal();
  const Eigen::Vector3d v = n.cross(u);
  return circle.center_in_cam_mm + circle.radius_mm * (std::cos(t_rad) * u + std::sin(t_rad) * v);
}

Eigen::Vector3d EyeModel::eye_center_at(CaptureTime at) const {
  if (placements.empty()) return eye_center_in_cam_mm;
  const auto after = std::lower_bound(placements.begin(), placements.end(), at,
                                      [](const EyePlacement& p, CaptureTime t) { return p.at < t; });
  if (after == placements.begin()) return after->eye_center_in_cam_mm;
  if (after == placements.end()) return placements.back().eye_center_in_cam_mm;
  const EyePlacement& before = *std::prev(after);
  const double share =
      static_cast<double>((at - before.at).count()) / static_cast<double>((after->at - before.at).count());
  return before.eye_center_in_cam_mm + share * (after->eye_center_in_cam_mm - before.eye_center_in_cam_mm);
}

double PoseUncertainty::gaze_cone_rad(double share) const {
  // The region of a two-dimensional normal distribution with that share reaches sqrt(-2 ln(1 - share)) sigmas.
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> eigen(gaze_covariance_in_cam, Eigen::EigenvaluesOnly);
  return std::sqrt(-2.0 * std::log(1.0 - share) * std::max(0.0, eigen.eigenvalues()[2]));
}

double PoseUncertainty::mahalanobis_squared(const Eigen::Vector3d& gaze_dir_in_cam,
                                            const Eigen::Vector3d& other_in_cam) const {
  Eigen::Matrix<double, 3, 2> tangents;
  tangents.col(0) = gaze_dir_in_cam.unitOrthogonal();
  tangents.col(1) = gaze_dir_in_cam.cross(tangents.col(0));
  const Eigen::Vector2d off = tangents.transpose() * other_in_cam;
  const double angle = std::atan2(off.norm(), gaze_dir_in_cam.dot(other_in_cam));
  const Eigen::Vector2d turn = off.norm() > 0.0 ? Eigen::Vector2d(off * (angle / off.norm())) : off;
  const Eigen::Matrix2d covariance = tangents.transpose() * gaze_covariance_in_cam * tangents;
  return turn.dot(covariance.ldlt().solve(turn));
}

namespace {

/// "; gaze ±0.2°, pupil ±0.05 mm, eye centre ±0.1 mm across, ±1.0 mm deep"; empty if no frame told.
std::string certainty_text(const FitReport& report) {
  if (!(report.gaze_sigma_deg > 0.0)) return {};
  std::array<char, 160> text{};
  const double across_mm = std::sqrt(0.5 * report.shape_sigmas_mm.head<2>().squaredNorm());
  std::snprintf(text.data(), text.size(),
                "; gaze ±%.2f°, pupil ±%.2f mm, eye centre ±%.2f mm across, ±%.1f mm deep",
                report.gaze_sigma_deg, report.pupil_diameter_sigma_mm, across_mm, report.shape_sigmas_mm[2]);
  return text.data();
}

}  // namespace

std::string FitReport::to_text() const {
  if (!was_run) return "the fit was not run";
  std::array<char, 320> text{};
  const double seconds = std::chrono::duration<double>(wall_time).count();
  if (failure.has_value()) {
    std::snprintf(text.data(), text.size(), "%s fit failed: %s (%d frames used, %d rejected)",
                  std::string(to_string(stage)).c_str(), std::string(to_string(*failure)).c_str(),
                  frames_used, frames_rejected);
    return text.data();
  }
  std::snprintf(
      text.data(), text.size(),
      "%s fit of %d frames (%d rejected): %.2f px rms, condition %.0f, gaze spread %.1f deg, %s after %d "
      "iterations and %.2f s",
      std::string(to_string(stage)).c_str(), frames_used, frames_rejected, rms_px, condition, spread_deg,
      converged ? "converged" : "not converged", iterations, seconds);
  std::string words = text.data();
  if (stage == FitStage::refraction) words += certainty_text(*this);
  if (slips > 0)
    words += slips == 1 ? "; headset slipped once" : "; headset slipped " + std::to_string(slips) + " times";
  return gauge.empty() ? words : words + "; " + gauge;
}

}  // namespace yarbus
