#include "eyemodel/geometry/conic.h"

#include <cmath>
#include <numbers>

#include <Eigen/Eigenvalues>

namespace yarbus {

Conic conic_from_coefficients(const Eigen::Matrix<double, 6, 1>& coefficients) {
  const auto& k = coefficients;
  Conic conic;
  conic << k[0], k[1], k[3], k[1], k[2], k[4], k[3], k[4], k[5];
  return conic;
}

Conic conic_from_ellipse(const Ellipse& ellipse) {
  const Eigen::Vector2d u = ellipse.major_axis() / ellipse.semi_major_px;
  const Eigen::Vector2d v = ellipse.minor_axis() / ellipse.semi_minor_px;
  const Eigen::Matrix2d A = u * u.transpose() + v * v.transpose();
  Conic conic;
  conic.topLeftCorner<2, 2>() = A;
  conic.topRightCorner<2, 1>() = -A * ellipse.center_px;
  conic.bottomLeftCorner<1, 2>() = conic.topRightCorner<2, 1>().transpose();
  conic(2, 2) = ellipse.center_px.dot(A * ellipse.center_px) - 1.0;
  return conic;
}

std::optional<Ellipse> ellipse_from_conic(const Conic& conic) {
  const Eigen::Matrix2d A = conic.topLeftCorner<2, 2>();
  const Eigen::Vector2d b = conic.topRightCorner<2, 1>();
  const double determinant = A.determinant();
  if (!(determinant > 0.0)) return std::nullopt;
  Ellipse ellipse;
  ellipse.center_px = -A.inverse() * b;
  const double level = -(conic(2, 2) + b.dot(ellipse.center_px));  // (x - c)^T A (x - c) = level
  Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> eigen;
  eigen.computeDirect(A);
  const double major_squared = level / eigen.eigenvalues()[0];
  const double minor_squared = level / eigen.eigenvalues()[1];
  if (!(major_squared > 0.0) || !(minor_squared > 0.0)) return std::nullopt;
  double semi_major = std::sqrt(major_squared);
  double semi_minor = std::sqrt(minor_squared);
  Eigen::Vector2d axis = eigen.eigenvectors().col(0);
  if (semi_major < semi_minor) {  // a negative definite matrix orders the eigenvalues the other way
    std::swap(semi_major, semi_minor);
    axis = eigen.eigenvectors().col(1);
  }
  ellipse.semi_major_px = semi_major;
  ellipse.semi_minor_px = semi_minor;
  double angle = std::atan2(axis.y(), axis.x());
  if (angle < 0.0) angle += std::numbers::pi;
  if (angle >= std::numbers::pi) angle -= std::numbers::pi;
  ellipse.angle_rad = angle;
  if (!ellipse.is_valid()) return std::nullopt;
  return ellipse;
}

Conic viewing_cone(const Ellipse& ellipse, const CameraIntrinsics& intrinsics) {
  const Eigen::Matrix3d K = intrinsics.camera_matrix();
  return K.transpose() * conic_from_ellipse(ellipse) * K;
}

std::optional<Ellipse> project_circle(const Circle3& circle, const CameraIntrinsics& intrinsics) {
  // The nearest point of the circle to the camera plane must be in front of it.
  const double tilt = std::hypot(circle.normal_in_cam.x(), circle.normal_in_cam.y());
  if (!(circle.center_in_cam_mm.z() - circle.radius_mm * tilt > 0.0)) return std::nullopt;
  const Conic cone = cone_of_circle<double>(circle.center_in_cam_mm, circle.normal_in_cam, circle.radius_mm);
  const Eigen::Matrix3d K_inverse = intrinsics.camera_matrix().inverse();
  return ellipse_from_conic(K_inverse.transpose() * cone * K_inverse);
}

double sampson_distance_px(const Conic& conic, const Eigen::Vector2d& point_px) {
  const Eigen::Vector3d x(point_px.x(), point_px.y(), 1.0);
  const Eigen::Vector3d Cx = conic * x;
  return x.dot(Cx) / (2.0 * Cx.head<2>().norm());
}

double mean_outline_distance_px(const Ellipse& sampled, const Ellipse& other) {
  constexpr int samples = 32;
  const Conic conic = conic_from_ellipse(other);
  double sum = 0.0;
  for (int i = 0; i < samples; ++i) {
    sum += std::abs(sampson_distance_px(conic, sampled.point_at(2.0 * std::numbers::pi * i / samples)));
  }
  return sum / samples;
}

}  // namespace yarbus
