#include "app/stream/sphere_outline.h"

#include <cmath>
#include <numbers>

#include <Eigen/Eigenvalues>

namespace yarbus {

std::optional<Ellipse> sphere_outline(const Eigen::Vector3d& center_in_cam_mm, double radius_mm,
                                      const CameraIntrinsics& intrinsics) {
  const double distance_mm = center_in_cam_mm.norm();
  if (!(radius_mm > 0.0) || !(distance_mm > radius_mm)) return std::nullopt;
  const double half_angle = std::asin(radius_mm / distance_mm);
  const double aside_mm = center_in_cam_mm.head<2>().norm();
  const double tilt = std::atan2(aside_mm, center_in_cam_mm.z());
  if (tilt + half_angle >= 0.5 * std::numbers::pi) return std::nullopt;

  // In the plane z = 1: the long axis points away from the principal point.
  const double near_end = std::tan(tilt - half_angle);
  const double far_end = std::tan(tilt + half_angle);
  const double eccentricity = std::sin(tilt) / std::cos(half_angle);
  const double semi_long = 0.5 * (far_end - near_end);
  const double semi_short = semi_long * std::sqrt(1.0 - eccentricity * eccentricity);
  Eigen::Vector2d away = Eigen::Vector2d::UnitX();
  if (aside_mm > 0.0) away = center_in_cam_mm.head<2>() / aside_mm;
  const Eigen::Vector2d across(-away.y(), away.x());

  const Eigen::Vector2d focal_px(intrinsics.fx_px, intrinsics.fy_px);
  Eigen::Matrix2d axes_px;  // the unit circle's image
  axes_px.col(0) = semi_long * focal_px.cwiseProduct(away);
  axes_px.col(1) = semi_short * focal_px.cwiseProduct(across);
  Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> eigen;
  eigen.computeDirect(axes_px * axes_px.transpose());

  Ellipse outline;
  outline.center_px = Eigen::Vector2d(intrinsics.cx_px, intrinsics.cy_px) +
                      0.5 * (near_end + far_end) * focal_px.cwiseProduct(away);
  outline.semi_major_px = std::sqrt(eigen.eigenvalues()[1]);
  outline.semi_minor_px = std::sqrt(eigen.eigenvalues()[0]);
  const Eigen::Vector2d major = eigen.eigenvectors().col(1);
  outline.angle_rad = std::atan2(major.y(), major.x());
  if (outline.angle_rad < 0.0) outline.angle_rad += std::numbers::pi;
  if (outline.angle_rad >= std::numbers::pi) outline.angle_rad = 0.0;
  if (!outline.is_valid()) return std::nullopt;
  return outline;
}

}  // namespace yarbus
