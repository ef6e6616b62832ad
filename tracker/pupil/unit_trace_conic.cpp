#include "tracker/pupil/unit_trace_conic.h"

#include <cmath>
#include <numbers>

namespace yarbus {
namespace {

/// The ellipse x^T [p q; q r] x = 1 about the origin, to axes.
std::optional<Ellipse> from_quadratic_form(double p, double q, double r, const Eigen::Vector2d& center) {
  const double mean = 0.5 * (p + r);
  const double spread = std::hypot(0.5 * (p - r), q);
  const double small = mean - spread;  // belongs to the major axis
  if (!(small > 0.0) || !std::isfinite(mean + spread)) return std::nullopt;
  double angle = spread > 0.0 ? 0.5 * std::atan2(-2.0 * q, r - p) : 0.0;
  if (angle < 0.0) angle += std::numbers::pi;
  if (angle >= std::numbers::pi) angle -= std::numbers::pi;
  return Ellipse{center, 1.0 / std::sqrt(small), 1.0 / std::sqrt(mean + spread), angle};
}

}  // namespace

std::optional<Ellipse> UnitTraceConic::to_ellipse() const {
  const double determinant = 4.0 * a * c - b * b;
  if (!(determinant > 1e-12)) return std::nullopt;
  const Eigen::Vector2d center((b * e - 2.0 * c * d) / determinant, (b * d - 2.0 * a * e) / determinant);
  const double at_center = f + 0.5 * (d * center.x() + e * center.y());
  if (!(at_center < 0.0) || !center.allFinite()) return std::nullopt;
  return from_quadratic_form(a / -at_center, 0.5 * b / -at_center, c / -at_center, center);
}

}  // namespace yarbus
