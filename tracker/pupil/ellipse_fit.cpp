#include "tracker/pupil/ellipse_fit.h"

#include <cmath>
#include <numbers>

#include <Eigen/Cholesky>
#include <Eigen/LU>

namespace yarbus {
namespace {

using Vector5 = Eigen::Matrix<double, 5, 1>;
using Matrix5 = Eigen::Matrix<double, 5, 5>;

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

std::optional<Ellipse> Conic::to_ellipse() const {
  const double determinant = 4.0 * a * c - b * b;
  if (!(determinant > 1e-12)) return std::nullopt;
  const Eigen::Vector2d center((b * e - 2.0 * c * d) / determinant, (b * d - 2.0 * a * e) / determinant);
  const double at_center = f + 0.5 * (d * center.x() + e * center.y());
  if (!(at_center < 0.0) || !center.allFinite()) return std::nullopt;
  return from_quadratic_form(a / -at_center, 0.5 * b / -at_center, c / -at_center, center);
}

std::optional<Ellipse> fit_ellipse_algebraic(std::span<const Eigen::Vector2f> points_px) {
  if (points_px.size() < 5) return std::nullopt;
  Eigen::Vector2d mean = Eigen::Vector2d::Zero();
  for (const auto& point : points_px) mean += point.cast<double>();
  mean /= static_cast<double>(points_px.size());
  double spread = 0.0;
  for (const auto& point : points_px) spread += (point.cast<double>() - mean).squaredNorm();
  spread = std::sqrt(spread / static_cast<double>(points_px.size()));
  if (!(spread > 1e-9) || !std::isfinite(spread)) return std::nullopt;

  const auto row_of = [&](const Eigen::Vector2f& point, double& right_side) {
    const double x = (point.x() - mean.x()) / spread;
    const double y = (point.y() - mean.y()) / spread;
    right_side = -y * y;
    return Vector5(x * x - y * y, x * y, x, y, 1.0);
  };
  Matrix5 system = Matrix5::Zero();
  Vector5 right = Vector5::Zero();
  Vector5 solution;
  if (points_px.size() == 5) {
    for (int i = 0; i < 5; ++i) {
      double value = 0.0;
      system.row(i) = row_of(points_px[static_cast<std::size_t>(i)], value);
      right[i] = value;
    }
    solution = system.partialPivLu().solve(right);
  } else {
    for (const auto& point : points_px) {
      double value = 0.0;
      const Vector5 row = row_of(point, value);
      system.noalias() += row * row.transpose();
      right += value * row;
    }
    solution = system.ldlt().solve(right);
  }
  if (!solution.allFinite()) return std::nullopt;
  const Conic conic{solution[0], solution[1], 1.0 - solution[0], solution[2], solution[3], solution[4]};
  auto ellipse = conic.to_ellipse();
  if (!ellipse) return std::nullopt;
  ellipse->center_px = mean + spread * ellipse->center_px;
  ellipse->semi_major_px *= spread;
  ellipse->semi_minor_px *= spread;
  return ellipse->is_valid() ? ellipse : std::nullopt;
}

}  // namespace yarbus
