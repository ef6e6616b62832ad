#pragma once

#include <cmath>

#include <Eigen/Dense>

#include "eyemodel/types/corneal_features.h"
#include "eyemodel/types/outline_shape.h"

namespace yarbus::test {

/// Errors of the radius and the centre that limbus points give, against the true outline: least squares with
/// the points' stated sigmas, the shape given. Shares of the true radius.
struct LimbusFit {
  Eigen::Vector3d error = Eigen::Vector3d::Zero();  ///< radius, centre x, centre y
  Eigen::Matrix3d covariance = Eigen::Matrix3d::Zero();

  [[nodiscard]] double mahalanobis_squared() const { return error.dot(covariance.inverse() * error); }
};

template <class Points>
LimbusFit fit_limbus(const Points& points, const Ellipse& truth) {
  const OutlineShape shape = OutlineShape::from(truth);
  const Eigen::Matrix2d stretch =
      (Eigen::Matrix2d() << shape.s_xx_px, shape.s_xy_px, shape.s_xy_px, shape.s_yy_px).finished();
  const double radius_px = std::sqrt(truth.semi_major_px * truth.semi_minor_px);
  Eigen::Matrix3d normal = Eigen::Matrix3d::Zero();
  Eigen::Vector3d right = Eigen::Vector3d::Zero();
  for (const EdgePoint& point : points) {
    const Eigen::Vector2d on_circle =
        stretch.inverse() * (point.position_px.cast<double>() - shape.center_px);
    const double radius = on_circle.norm();
    const Eigen::Vector3d row(1.0, on_circle.x() / radius, on_circle.y() / radius);
    const double weight = std::pow(radius_px / point.sigma_px, 2);
    normal += weight * row * row.transpose();
    right += weight * (radius - 1.0) * row;
  }
  LimbusFit fit;
  fit.covariance = normal.inverse();
  fit.error = fit.covariance * right;
  return fit;
}

}  // namespace yarbus::test
