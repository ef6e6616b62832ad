#include "eyemodel/geometry/outline_distance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

constexpr int steps = 128;
constexpr int max_newton_steps = 60;

/// Of a point in the first quadrant of the ellipse's own axes (`x` along the major one).
double distance_in_quadrant(double major, double minor, double x, double y) {
  const double focus_square = major * major - minor * minor;
  if (y < 1e-12 * major) {  // on the major axis: near the centre, the nearest point is off it
    if (x * major >= focus_square) return std::abs(x - major);
    const double cosine = major * x / focus_square;
    return std::hypot(major * cosine - x, minor * std::sqrt(1.0 - cosine * cosine));
  }
  // The nearest point is (major^2 x / (v + focus_square), minor^2 y / v), with v the root of f below. f is
  // convex and falling for v > 0. Each of its two squares alone is 1 at one of these starts, so both starts
  // lie left of the root.
  double v = std::max(minor * y, major * x - focus_square);
  for (int i = 0; i < max_newton_steps; ++i) {
    const double u = v + focus_square;
    const double p = major * x / u;
    const double q = minor * y / v;
    const double step = (p * p + q * q - 1.0) / (2.0 * (p * p / u + q * q / v));
    v += step;
    if (!(step > 1e-14 * v)) break;
  }
  return std::hypot(major * major * x / (v + focus_square) - x, minor * minor * y / v - y);
}

/// How far the outline of `from` gets from the one of `to`.
double directed_distance_px(const Ellipse& from, const Ellipse& to) {
  const auto distance_at = [&](double t_rad) { return distance_to_outline_px(to, from.point_at(t_rad)); };
  constexpr double step_rad = 2.0 * std::numbers::pi / steps;
  std::array<double, steps> distances{};
  for (int i = 0; i < steps; ++i) distances[static_cast<std::size_t>(i)] = distance_at(i * step_rad);
  const auto distance = [&](int i) { return distances[static_cast<std::size_t>((i + steps) % steps)]; };
  const double farthest = *std::max_element(distances.begin(), distances.end());
  const double longest_step_px = from.semi_major_px * step_rad;

  double best = farthest;
  for (int i = 0; i < steps; ++i) {
    const bool is_peak = distance(i) >= distance(i - 1) && distance(i) >= distance(i + 1);
    // The distance changes by no more than the way walked.
    if (!is_peak || distance(i) + longest_step_px < best) continue;
    constexpr double golden = 1.0 / std::numbers::phi;
    constexpr int halvings = 16;  // of a step: far below 0.01 px at a peak, even a pointed one
    double low = (i - 1) * step_rad;
    double high = (i + 1) * step_rad;
    double left = high - golden * (high - low);
    double right = low + golden * (high - low);
    double at_left = distance_at(left);
    double at_right = distance_at(right);
    for (int k = 0; k < halvings; ++k) {
      if (at_left > at_right) {
        high = right;
        right = left;
        at_right = at_left;
        left = high - golden * (high - low);
        at_left = distance_at(left);
      } else {
        low = left;
        left = right;
        at_left = at_right;
        right = low + golden * (high - low);
        at_right = distance_at(right);
      }
    }
    best = std::max({best, at_left, at_right});
  }
  return best;
}

}  // namespace

double distance_to_outline_px(const Ellipse& ellipse, const Eigen::Vector2d& point_px) {
  const Eigen::Vector2d from_center = point_px - ellipse.center_px;
  return distance_in_quadrant(ellipse.semi_major_px, ellipse.semi_minor_px,
                              std::abs(from_center.dot(ellipse.major_axis())),
                              std::abs(from_center.dot(ellipse.minor_axis())));
}

double hausdorff_distance_px(const Ellipse& a, const Ellipse& b) {
  YARBUS_CHECK(a.is_valid());
  YARBUS_CHECK(b.is_valid());
  return std::max(directed_distance_px(a, b), directed_distance_px(b, a));
}

}  // namespace yarbus
