#include "ui/orbit_camera.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>

namespace yarbus::ui {

namespace {
constexpr double half_view_angle_rad = 0.30;  ///< gentle perspective
constexpr double pitch_limit_rad = 0.49 * std::numbers::pi;
constexpr double nearest_zoom = 6.0;
constexpr double farthest_zoom = 0.3;
constexpr double near_plane_mm = 0.5;
}  // namespace

void OrbitCamera::look_at(const Eigen::Vector3d& center_in_cam_mm, double radius_mm) {
  if (!center_in_cam_mm.allFinite() || !(radius_mm > 0.0)) return;
  center_in_cam_mm_ = center_in_cam_mm;
  radius_mm_ = radius_mm;
}

void OrbitCamera::orbit(double yaw_rad, double pitch_rad) {
  yaw_rad_ = std::remainder(yaw_rad_ + yaw_rad, 2.0 * std::numbers::pi);
  pitch_rad_ = std::clamp(pitch_rad_ + pitch_rad, -pitch_limit_rad, pitch_limit_rad);
}

void OrbitCamera::zoom(double factor) { zoom_ = std::clamp(zoom_ * factor, farthest_zoom, nearest_zoom); }

void OrbitCamera::reset() {
  yaw_rad_ = home_yaw_rad;
  pitch_rad_ = home_pitch_rad;
  zoom_ = 1.0;
}

double OrbitCamera::distance_mm() const { return radius_mm_ / std::sin(half_view_angle_rad); }

Eigen::Matrix3d OrbitCamera::view_from_cam_rotation() const {
  return (Eigen::AngleAxisd(pitch_rad_, Eigen::Vector3d::UnitX()) *
          Eigen::AngleAxisd(yaw_rad_, Eigen::Vector3d::UnitY()))
      .toRotationMatrix();
}

Eigen::Vector3d OrbitCamera::view_from_cam(const Eigen::Vector3d& point_in_cam_mm) const {
  return view_from_cam_rotation() * (point_in_cam_mm - center_in_cam_mm_) +
         Eigen::Vector3d(0, 0, distance_mm());
}

Eigen::Vector3d OrbitCamera::turn_into_view(const Eigen::Vector3d& direction_in_cam) const {
  return view_from_cam_rotation() * direction_in_cam;
}

double OrbitCamera::scale_at(double z_in_view_mm, const QRectF& area) const {
  // Zooming enlarges the picture rather than moving the viewer, so it never runs into the eye.
  const double half_side = 0.5 * std::min(area.width(), area.height());
  return zoom_ * half_side / std::tan(half_view_angle_rad) / z_in_view_mm;
}

std::optional<QPointF> OrbitCamera::project(const Eigen::Vector3d& point_in_view_mm,
                                            const QRectF& area) const {
  if (!(point_in_view_mm.z() > near_plane_mm)) return std::nullopt;
  const double scale = scale_at(point_in_view_mm.z(), area);
  return area.center() + QPointF(point_in_view_mm.x() * scale, point_in_view_mm.y() * scale);
}

}  // namespace yarbus::ui
