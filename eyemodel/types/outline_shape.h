#pragma once

#include <Eigen/Core>

#include "eyemodel/types/ellipse.h"

namespace yarbus {

/// An ellipse as the image of the unit circle under a symmetric matrix: x = center + S (cos phi, sin phi).
/// Frames & units: image, px. Unlike axes and angle it has no singularity at a circle.
struct OutlineShape {
  Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
  double s_xx_px = 0.0;
  double s_xy_px = 0.0;
  double s_yy_px = 0.0;

  static OutlineShape from(const Ellipse& ellipse);
  [[nodiscard]] Ellipse to_ellipse() const;
  [[nodiscard]] bool is_positive_definite() const {
    return s_xx_px > 0.0 && s_xx_px * s_yy_px - s_xy_px * s_xy_px > 0.0;
  }
  [[nodiscard]] double mean_radius_px() const { return 0.5 * (s_xx_px + s_yy_px); }
  [[nodiscard]] Eigen::Vector2d point_at(double cos_phi, double sin_phi) const {
    return center_px +
           Eigen::Vector2d(s_xx_px * cos_phi + s_xy_px * sin_phi, s_xy_px * cos_phi + s_yy_px * sin_phi);
  }
  /// Outward unit normal at the same parameter: S^-1 (cos phi, sin phi), normalised.
  [[nodiscard]] Eigen::Vector2d normal_at(double cos_phi, double sin_phi) const {
    return Eigen::Vector2d(s_yy_px * cos_phi - s_xy_px * sin_phi, s_xx_px * sin_phi - s_xy_px * cos_phi)
        .normalized();
  }
};

/// Covariance of an outline in the space (center x, center y, s_xx, s_xy, s_yy). Units: px^2.
using OutlineCovariance = Eigen::Matrix<double, 5, 5>;

}  // namespace yarbus
