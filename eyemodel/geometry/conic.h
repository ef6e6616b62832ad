#pragma once

#include <array>
#include <optional>

#include <Eigen/Core>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/eye_model.h"

namespace yarbus {

/// Symmetric 3x3 matrix C of a conic: points x = (u, v, 1) with x^T C x = 0.
using Conic = Eigen::Matrix3d;

/// From A, B, C, D, E, F of A x^2 + 2B xy + C y^2 + 2D x + 2E y + F.
Conic conic_from_coefficients(const Eigen::Matrix<double, 6, 1>& coefficients);

/// Ellipse in image (px) -> conic in image, negative inside, positive outside.
Conic conic_from_ellipse(const Ellipse& ellipse);

/// Conic -> ellipse. Errors: nullopt unless it is a real, finite ellipse.
std::optional<Ellipse> ellipse_from_conic(const Conic& conic);

/// The cone of viewing rays through an image ellipse, in cam: rays d with d^T Q d = 0. Distortion must be
/// gone.
Conic viewing_cone(const Ellipse& ellipse, const CameraIntrinsics& intrinsics);

/// The cone of rays through a circle in space: with n the normal, c the centre, d = n.c:
/// Q = d^2 I - d (c n^T + n c^T) + (|c|^2 - r^2) n n^T. Negative inside when the camera sees the disc.
/// `Scalar` may be an automatic-differentiation type.
template <class Scalar>
Eigen::Matrix<Scalar, 3, 3> cone_of_circle(const Eigen::Matrix<Scalar, 3, 1>& center,
                                           const Eigen::Matrix<Scalar, 3, 1>& normal, const Scalar& radius) {
  const Scalar d = normal.dot(center);
  const Eigen::Matrix<Scalar, 3, 3> cn = center * normal.transpose();
  const Scalar k = center.squaredNorm() - radius * radius;
  return d * d * Eigen::Matrix<Scalar, 3, 3>::Identity() - d * (cn + cn.transpose()) +
         k * (normal * normal.transpose());
}

/// Exact perspective image of a circle, undistorted (px). Errors: nullopt if any part lies behind the camera
/// or it is seen edge-on.
std::optional<Ellipse> project_circle(const Circle3& circle, const CameraIntrinsics& intrinsics);

/// Signed distance (px) of an image point to a conic by Sampson's first-order formula f / |grad f|: negative
/// inside. Exact to second order in the distance; for pupils within a few pixels of the outline the error is
/// below 0.05 px.
double sampson_distance_px(const Conic& conic, const Eigen::Vector2d& point_px);

/// Mean absolute distance (px) between the outlines of two ellipses, sampled on the first.
double mean_outline_distance_px(const Ellipse& sampled, const Ellipse& other);

}  // namespace yarbus
