#include "eyemodel/simulation/face/circle_image.h"

#include <cmath>
#include <numbers>

#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>
#include <Eigen/LU>

namespace yarbus::simulation {

Ellipse image_of_circle(const Eigen::Vector3d& center_in_cam_mm, const Eigen::Vector3d& normal_in_cam,
                        double radius_mm, const CameraIntrinsics& camera) {
  const Eigen::Vector3d side = normal_in_cam.unitOrthogonal();
  Eigen::Matrix3d image_from_disc;
  image_from_disc << radius_mm * side, radius_mm * normal_in_cam.cross(side), center_in_cam_mm;
  image_from_disc = camera.camera_matrix() * image_from_disc;
  const Eigen::Matrix3d disc_from_image = image_from_disc.inverse();
  const Eigen::Matrix3d conic =
      disc_from_image.transpose() * Eigen::Vector3d(1.0, 1.0, -1.0).asDiagonal() * disc_from_image;
  const Eigen::Matrix2d shape = conic.topLeftCorner<2, 2>();
  const Eigen::Vector2d center_px = -shape.inverse() * conic.topRightCorner<2, 1>();
  const double level = -(conic(2, 2) + conic.topRightCorner<2, 1>().dot(center_px));
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> axes(shape / level);
  // Of the smaller eigenvalue: the longer axis.
  const Eigen::Vector2d longer = axes.eigenvectors().col(0);
  double angle_rad = std::atan2(longer.y(), longer.x());
  if (angle_rad < 0.0) angle_rad += std::numbers::pi;
  if (angle_rad >= std::numbers::pi) angle_rad = 0.0;
  return {center_px, 1.0 / std::sqrt(axes.eigenvalues()(0)), 1.0 / std::sqrt(axes.eigenvalues()(1)),
          angle_rad};
}

}  // namespace yarbus::simulation
