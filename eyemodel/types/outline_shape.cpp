#include "eyemodel/types/outline_shape.h"

#include <cmath>
#include <numbers>

namespace yarbus {

OutlineShape OutlineShape::from(const Ellipse& ellipse) {
  const double c = std::cos(ellipse.angle_rad);
  const double s = std::sin(ellipse.angle_rad);
  const double a = ellipse.semi_major_px;
  const double b = ellipse.semi_minor_px;
  return {ellipse.center_px, a * c * c + b * s * s, (a - b) * c * s, a * s * s + b * c * c};
}

Ellipse OutlineShape::to_ellipse() const {
  const double mean = 0.5 * (s_xx_px + s_yy_px);
  const double spread = std::hypot(0.5 * (s_xx_px - s_yy_px), s_xy_px);
  double angle = spread > 0.0 ? 0.5 * std::atan2(2.0 * s_xy_px, s_xx_px - s_yy_px) : 0.0;
  if (angle < 0.0) angle += std::numbers::pi;
  if (angle >= std::numbers::pi) angle -= std::numbers::pi;
  return {center_px, mean + spread, mean - spread, angle};
}

}  // namespace yarbus
