#pragma once

#include <cmath>

#include <Eigen/Core>

namespace yarbus {

/// An ellipse in the image. Frames & units: image, px.
/// `angle_rad` runs from +x towards +y (clockwise on the screen) to the major axis, in [0, pi); semi_major_px
/// >= semi_minor_px.
struct Ellipse {
  Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
  double semi_major_px = 0.0;
  double semi_minor_px = 0.0;
  double angle_rad = 0.0;

  /// Unit direction of the major axis.
  [[nodiscard]] Eigen::Vector2d major_axis() const { return {std::cos(angle_rad), std::sin(angle_rad)}; }
  /// Unit direction of the minor axis, a quarter turn from the major axis towards +y.
  [[nodiscard]] Eigen::Vector2d minor_axis() const { return {-std::sin(angle_rad), std::cos(angle_rad)}; }
  /// The point at parameter `t_rad` (0 on the major axis); not the polar angle.
  [[nodiscard]] Eigen::Vector2d point_at(double t_rad) const {
    return center_px + semi_major_px * std::cos(t_rad) * major_axis() +
           semi_minor_px * std::sin(t_rad) * minor_axis();
  }
  /// Minor over major axis, in (0, 1].
  [[nodiscard]] double aspect_ratio() const { return semi_minor_px / semi_major_px; }
  [[nodiscard]] bool is_valid() const {
    return center_px.allFinite() && std::isfinite(semi_major_px) && std::isfinite(angle_rad) &&
           semi_minor_px > 0.0 && semi_major_px >= semi_minor_px;
  }
};

}  // namespace yarbus
