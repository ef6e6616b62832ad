#include "app/export/session/pupil_conventions.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

namespace yarbus::pupil_labs {
namespace {

double in_half_turn_deg(double angle_rad) {
  const double angle_deg = std::fmod(angle_rad * 180.0 / std::numbers::pi, 180.0);
  return angle_deg < 0.0 ? angle_deg + 180.0 : angle_deg;
}

}  // namespace

double seconds(CaptureTime at) { return std::chrono::duration<double>(at).count(); }

Eigen::Vector2d norm_pos(const Eigen::Vector2d& point_px, int width_px, int height_px) {
  return {point_px.x() / width_px, 1.0 - point_px.y() / height_px};
}

std::optional<Eigen::Vector2d> norm_pos_on_screen(const Eigen::Vector2d& point_in_screen_mm,
                                                  const std::optional<ScreenGeometry>& screen) {
  if (!screen || !(screen->width_mm > 0.0) || !(screen->height_mm > 0.0)) return std::nullopt;
  return Eigen::Vector2d(point_in_screen_mm.x() / screen->width_mm,
                         1.0 - point_in_screen_mm.y() / screen->height_mm);
}

PupilEllipse ellipse_of(const Ellipse& ellipse) {
  return {ellipse.center_px,
          {2.0 * ellipse.semi_minor_px, 2.0 * ellipse.semi_major_px},
          in_half_turn_deg(ellipse.angle_rad + std::numbers::pi / 2.0)};
}

std::optional<PupilEllipse> projected_sphere(const EyePose& pose,
                                             const std::optional<CameraIntrinsics>& intrinsics) {
  const Eigen::Vector3d& center = pose.eye_center_in_cam_mm;
  const double radius = pose.eyeball_radius_mm;
  if (!intrinsics || !(center.z() > radius) || !(radius > 0.0)) return std::nullopt;
  // The cone that touches the sphere, cut by the plane z = 1.
  const double depth2 = center.z() * center.z() - radius * radius;
  const double focal_px = 0.5 * (intrinsics->fx_px + intrinsics->fy_px);
  PupilEllipse ellipse;
  ellipse.center_px = {intrinsics->cx_px + intrinsics->fx_px * center.x() * center.z() / depth2,
                       intrinsics->cy_px + intrinsics->fy_px * center.y() * center.z() / depth2};
  ellipse.axes_px = {2.0 * focal_px * radius / std::sqrt(depth2),
                     2.0 * focal_px * radius * std::sqrt(center.squaredNorm() - radius * radius) / depth2};
  ellipse.angle_deg = in_half_turn_deg(std::atan2(center.y(), center.x()) + std::numbers::pi / 2.0);
  return ellipse;
}

PolarAngles polar_angles(const Eigen::Vector3d& normal) {
  return {std::acos(std::clamp(normal.y(), -1.0, 1.0)), std::atan2(normal.z(), normal.x())};
}

std::string method_2d(const SessionInfo& info) { return "2d yarbus " + info.software_version; }
std::string method_3d(const SessionInfo& info) { return "3d yarbus " + info.software_version; }

}  // namespace yarbus::pupil_labs
