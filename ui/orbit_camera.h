#pragma once

#include <QPointF>
#include <QRectF>
#include <optional>

#include <Eigen/Core>

namespace yarbus::ui {

/// The viewer of the 3-D scene: turns about a point and keeps looking at it.
/// Frames & units: cam (mm) -> view (mm; x right, y down, z away from the viewer) -> painter coordinates.
class OrbitCamera {
 public:
  /// Puts a sphere (cam, mm) that must be visible in the middle of the view. Keeps the turn and the zoom.
  void look_at(const Eigen::Vector3d& center_in_cam_mm, double radius_mm);
  /// Positive yaw moves the viewer to the left of the real camera, positive pitch above it. Pitch stops at
  /// the poles.
  void orbit(double yaw_rad, double pitch_rad);
  /// Factor above 1: nearer. Kept within sane limits.
  void zoom(double factor);
  void reset();

  [[nodiscard]] Eigen::Vector3d view_from_cam(const Eigen::Vector3d& point_in_cam_mm) const;
  [[nodiscard]] Eigen::Vector3d turn_into_view(const Eigen::Vector3d& direction_in_cam) const;
  /// Nullopt behind the viewer.
  [[nodiscard]] std::optional<QPointF> project(const Eigen::Vector3d& point_in_view_mm,
                                               const QRectF& area) const;
  /// Painter units per mm at a distance from the viewer.
  [[nodiscard]] double scale_at(double z_in_view_mm, const QRectF& area) const;

  [[nodiscard]] double yaw_rad() const { return yaw_rad_; }
  [[nodiscard]] double pitch_rad() const { return pitch_rad_; }
  [[nodiscard]] double zoom_factor() const { return zoom_; }

 private:
  static constexpr double home_yaw_rad = 0.95;
  static constexpr double home_pitch_rad = 0.38;

  [[nodiscard]] double distance_mm() const;
  [[nodiscard]] Eigen::Matrix3d view_from_cam_rotation() const;

  Eigen::Vector3d center_in_cam_mm_{0.0, 0.0, 30.0};
  double radius_mm_ = 30.0;
  double yaw_rad_ = home_yaw_rad;
  double pitch_rad_ = home_pitch_rad;
  double zoom_ = 1.0;
};

}  // namespace yarbus::ui
