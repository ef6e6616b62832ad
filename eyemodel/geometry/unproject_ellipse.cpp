#include "eyemodel/geometry/unproject_ellipse.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>
#include <Eigen/LU>

#include "eyemodel/geometry/conic.h"

namespace yarbus {

std::optional<std::array<Circle3, 2>> unproject_ellipse(const Ellipse& ellipse,
                                                        const CameraIntrinsics& intrinsics,
                                                        double radius_mm) {
  if (!ellipse.is_valid()) return std::nullopt;
  const Conic cone = viewing_cone(ellipse, intrinsics);
  // Ascending: one negative (the cone's axis), two positive.
  Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> eigen(cone);
  const Eigen::Vector3d lambda = eigen.eigenvalues();
  if (!(lambda[0] < 0.0 && lambda[1] > 0.0) || !lambda.allFinite()) return std::nullopt;
  const Eigen::Vector3d axis = eigen.eigenvectors().col(0);
  const Eigen::Vector3d steep = eigen.eigenvectors().col(2);
  const double along_steep = std::sqrt(std::max(0.0, (lambda[2] - lambda[1]) / (lambda[2] - lambda[0])));
  const double along_axis = std::sqrt((lambda[1] - lambda[0]) / (lambda[2] - lambda[0]));

  std::array<Circle3, 2> circles;
  for (int i = 0; i < 2; ++i) {
    Eigen::Vector3d normal = along_axis * axis + (i == 0 ? along_steep : -along_steep) * steep;
    Eigen::Vector3d center = cone.inverse() * normal;
    const double distance = normal.dot(center);
    if (!std::isfinite(distance) || distance == 0.0) return std::nullopt;
    center /= distance;  // the plane n.x = 1
    const Eigen::Vector3d in_plane = normal.unitOrthogonal();
    const double scale = 1.0 / in_plane.dot(cone * in_plane);
    const double radius_squared = center.squaredNorm() - 1.0 - scale * normal.dot(cone * normal);
    if (!(radius_squared > 0.0)) return std::nullopt;
    center *= radius_mm / std::sqrt(radius_squared);
    if (center.z() < 0.0) center = -center;
    if (normal.dot(center) > 0.0) normal = -normal;
    circles[static_cast<std::size_t>(i)] = {center, normal, radius_mm};
  }
  return circles;
}

}  // namespace yarbus
