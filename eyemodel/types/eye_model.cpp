#include "eyemodel/types/eye_model.h"

#include <array>
#include <cmath>
#include <cstdio>

#include <Eigen/Geometry>

namespace yarbus {

std::optional<FitStage> fit_stage_from_string(std::string_view name) {
  for (const FitStage stage :
       {FitStage::unprojection, FitStage::unoptimised, FitStage::contrast, FitStage::edge}) {
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
  return gauge.empty() ? std::string(text.data()) : std::string(text.data()) + "; " + gauge;
}

}  // namespace yarbus
