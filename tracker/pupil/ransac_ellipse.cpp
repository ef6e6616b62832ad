#include "tracker/pupil/ransac_ellipse.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "eyemodel/types/outline_shape.h"
#include "tracker/pupil/ellipse_fit.h"

namespace yarbus {
namespace {

constexpr std::size_t capacity = RayEdges::max_size();
constexpr float inlier_distance_px = 1.4F;
constexpr float circle_tolerance =
    0.05F;  // of the radius, added for a circle: an ellipse of aspect 0.9 is still met
constexpr float min_gradient_cos = 0.80F;
constexpr int refits = 2;
constexpr double enough_agreement = 0.92;  // no further draws: nothing to gain

/// Edges as separate arrays, so that the test of all edges against one ellipse vectorises.
struct EdgeArrays {
  std::array<float, capacity> x, y, gx, gy, weight;
  std::array<int, capacity> ray, index;
  std::size_t count = 0;
};

struct Agreement {
  double value = 0.0;
  std::size_t inliers = 0;
};

/// Marks inliers and sums, per ray, the best weight.
Agreement agree(const EdgeArrays& edges, const Ellipse& ellipse, float distance_px,
                std::array<std::uint8_t, capacity>& inlier) {
  const OutlineShape shape = OutlineShape::from(ellipse);
  // |S^-1 (x - c)| = 1 on the outline; the first-order distance is (|u| - 1) |u| / |S^-1 u|.
  const double determinant = shape.s_xx_px * shape.s_yy_px - shape.s_xy_px * shape.s_xy_px;
  const auto ixx = static_cast<float>(shape.s_yy_px / determinant);
  const auto ixy = static_cast<float>(-shape.s_xy_px / determinant);
  const auto iyy = static_cast<float>(shape.s_xx_px / determinant);
  const auto cx = static_cast<float>(shape.center_px.x());
  const auto cy = static_cast<float>(shape.center_px.y());
  for (std::size_t i = 0; i < edges.count; ++i) {
    const float dx = edges.x[i] - cx;
    const float dy = edges.y[i] - cy;
    const float ux = ixx * dx + ixy * dy;
    const float uy = ixy * dx + iyy * dy;
    const float nx = ixx * ux + ixy * uy;
    const float ny = ixy * ux + iyy * uy;
    const float u2 = ux * ux + uy * uy;
    const float n2 = nx * nx + ny * ny;
    const float half_gap = 0.5F * (u2 - 1.0F);  // first order in (|u| - 1) |u|
    const float along = edges.gx[i] * nx + edges.gy[i] * ny;
    const bool close = half_gap * half_gap < distance_px * distance_px * n2;
    const bool aligned = along > 0.0F && along * along > min_gradient_cos * min_gradient_cos * n2;
    inlier[i] = static_cast<std::uint8_t>(close & aligned);
  }
  Agreement result;
  int last_ray = -1;
  float best = 0.0F;
  for (std::size_t i = 0; i < edges.count; ++i) {
    if (inlier[i] == 0) continue;
    ++result.inliers;
    if (edges.ray[i] != last_ray) {
      result.value += best;
      best = 0.0F;
      last_ray = edges.ray[i];
    }
    best = std::max(best, edges.weight[i]);
  }
  result.value = (result.value + best) / rays_per_center;
  return result;
}

bool within(const Ellipse& ellipse, const EllipseLimits& limits) {
  return ellipse.semi_minor_px >= limits.min_aspect_ratio * ellipse.semi_major_px &&
         ellipse.semi_major_px <= limits.max_radius_px && ellipse.semi_major_px >= limits.min_radius_px;
}

std::optional<Ellipse> circle_through(const Eigen::Vector2f& a, const Eigen::Vector2f& b,
                                      const Eigen::Vector2f& c) {
  const Eigen::Vector2d u = (b - a).cast<double>();
  const Eigen::Vector2d v = (c - a).cast<double>();
  const double twice_area = u.x() * v.y() - u.y() * v.x();
  if (std::abs(twice_area) < 1.0) return std::nullopt;
  const Eigen::Vector2d offset(v.y() * u.squaredNorm() - u.y() * v.squaredNorm(),
                               u.x() * v.squaredNorm() - v.x() * u.squaredNorm());
  const double radius = offset.norm() / (2.0 * std::abs(twice_area));
  return Ellipse{a.cast<double>() + offset / (2.0 * twice_area), radius, radius, 0.0};
}

}  // namespace

std::optional<RansacEllipse> find_outline(const RayEdges& edges, OutlineModel model,
                                          const EllipseLimits& limits, int draws, std::minstd_rand& random,
                                          std::span<bool> used) {
  EdgeArrays arrays;
  std::array<float, capacity> slopes;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (used[i]) continue;
    const std::size_t k = arrays.count++;
    arrays.x[k] = edges[i].position_px.x();
    arrays.y[k] = edges[i].position_px.y();
    arrays.gx[k] = edges[i].gradient_dir.x();
    arrays.gy[k] = edges[i].gradient_dir.y();
    arrays.ray[k] = edges[i].ray;
    arrays.index[k] = static_cast<int>(i);
    slopes[k] = edges[i].slope_gray_per_px;
  }
  if (arrays.count < 8) return std::nullopt;
  std::array<float, capacity> sorted = slopes;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(arrays.count / 2);
  std::nth_element(sorted.begin(), middle, sorted.begin() + static_cast<std::ptrdiff_t>(arrays.count));
  for (std::size_t k = 0; k < arrays.count; ++k)
    arrays.weight[k] = std::clamp(slopes[k] / std::max(*middle, 1e-3F), 0.4F, 1.0F);

  std::array<std::uint8_t, capacity> inlier{};
  std::array<Eigen::Vector2f, capacity> points;
  std::optional<RansacEllipse> best;
  const auto count = static_cast<unsigned>(arrays.count);
  const auto tolerance = [&](const Ellipse& ellipse) {
    return model == OutlineModel::ellipse
               ? inlier_distance_px
               : inlier_distance_px + circle_tolerance * static_cast<float>(ellipse.semi_major_px);
  };
  const unsigned sample_size = model == OutlineModel::ellipse ? 5 : 3;
  // An ellipse sample spans the whole outline, a circle sample any two thirds of it.
  const unsigned span = model == OutlineModel::ellipse ? count : std::max(3U, count * 2 / 3);
  for (int draw = 0; draw < draws; ++draw) {
    // One edge from each equal share of the circle of rays, with a random start.
    const unsigned start = static_cast<unsigned>(random()) % count;
    for (unsigned k = 0; k < sample_size; ++k) {
      const unsigned low = k * span / sample_size;
      const unsigned width = std::max(1U, (k + 1) * span / sample_size - low);
      const unsigned pick = (start + low + static_cast<unsigned>(random()) % width) % count;
      points[k] = {arrays.x[pick], arrays.y[pick]};
    }
    auto ellipse = model == OutlineModel::ellipse ? fit_ellipse_algebraic(std::span(points.data(), 5))
                                                  : circle_through(points[0], points[1], points[2]);
    if (!ellipse || !within(*ellipse, limits)) continue;
    Agreement agreement = agree(arrays, *ellipse, tolerance(*ellipse), inlier);
    const double best_so_far = best ? best->agreement : 0.0;
    if (agreement.value < 0.7 * best_so_far) continue;
    for (int refit = 0; refit < refits && model == OutlineModel::ellipse && agreement.inliers >= 8; ++refit) {
      std::size_t gathered = 0;
      for (std::size_t i = 0; i < arrays.count; ++i)
        if (inlier[i] != 0) points[gathered++] = {arrays.x[i], arrays.y[i]};
      const auto refined = fit_ellipse_algebraic(std::span(points.data(), gathered));
      if (!refined || !within(*refined, limits)) break;
      const Agreement again = agree(arrays, *refined, tolerance(*refined), inlier);
      if (again.value <= agreement.value) break;
      agreement = again;
      ellipse = refined;
    }
    if (agreement.value <= best_so_far) continue;
    best = RansacEllipse{*ellipse, agreement.value};
    if (agreement.value >= enough_agreement) break;
  }
  if (!best) return std::nullopt;
  agree(arrays, best->ellipse, tolerance(best->ellipse), inlier);
  for (std::size_t i = 0; i < arrays.count; ++i)
    if (inlier[i] != 0) used[static_cast<std::size_t>(arrays.index[i])] = true;
  return best;
}

}  // namespace yarbus
