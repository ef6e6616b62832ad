#include "tracker/pupil/ray_edges.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "tracker/pupil/sample_bilinear.h"

namespace yarbus {
namespace {

constexpr int max_ray_samples = 512;
constexpr float min_cos_to_ray = 0.35F;  // the image gradient must point outwards, within about 70 degrees

struct Direction {
  float x;
  float y;
};

const std::array<Direction, rays_per_center>& ray_directions() {
  static const auto table = [] {
    std::array<Direction, rays_per_center> directions{};
    for (int i = 0; i < rays_per_center; ++i) {
      const double angle = 2.0 * std::numbers::pi * i / rays_per_center;
      directions[static_cast<std::size_t>(i)] = {static_cast<float>(std::cos(angle)),
                                                 static_cast<float>(std::sin(angle))};
    }
    return directions;
  }();
  return table;
}

}  // namespace

void find_ray_edges(GrayView image, const Eigen::Vector2d& center_px, double min_radius_px,
                    double max_radius_px, float min_slope_gray_per_px, RayEdges& edges) {
  edges.clear();
  std::array<float, max_ray_samples> profile;
  const auto cx = static_cast<float>(center_px.x());
  const auto cy = static_cast<float>(center_px.y());
  if (!(cx >= 0.0F && cy >= 0.0F && cx < static_cast<float>(image.width_px - 1) &&
        cy < static_cast<float>(image.height_px - 1)))
    return;
  const int first = std::max(2, static_cast<int>(min_radius_px));
  const int last = std::min(max_ray_samples - 3, static_cast<int>(max_radius_px));
  for (int ray = 0; ray < rays_per_center; ++ray) {
    const auto [dx, dy] = ray_directions()[static_cast<std::size_t>(ray)];
    // As far as the image goes.
    const auto steps_inside = [](float start, float step, int size) {
      if (step == 0.0F) return static_cast<float>(max_ray_samples);
      return (step > 0.0F ? static_cast<float>(size) - 1.001F - start : -start) / step;
    };
    const float reach = std::min(steps_inside(cx, dx, image.width_px), steps_inside(cy, dy, image.height_px));
    const int count = std::min(last + 2, static_cast<int>(std::max(reach, -1.0F))) + 1;
    for (int k = 0; k < count; ++k)
      profile[static_cast<std::size_t>(k)] =
          sample_bilinear_inside(image, cx + static_cast<float>(k) * dx, cy + static_cast<float>(k) * dy);
    // Slope over four samples: (p[k+1] + p[k+2] - p[k-1] - p[k-2]) / 6.
    const auto slope = [&](int k) {
      const auto at = static_cast<std::size_t>(k);
      return (profile[at + 1] + profile[at + 2] - profile[at - 1] - profile[at - 2]) / 6.0F;
    };
    std::array<RayEdge, max_edges_per_ray> best{};
    int kept = 0;
    if (count < first + 4) continue;
    float before = slope(first);
    float here = slope(first + 1 < count - 2 ? first + 1 : first);
    for (int k = first + 1; k + 3 < count; ++k) {
      const float after = slope(k + 1);
      if (here >= min_slope_gray_per_px && here > before && here >= after) {
        const float bend = before - 2.0F * here + after;
        const float shift = bend < 0.0F ? 0.5F * (before - after) / bend : 0.0F;
        const float radius = static_cast<float>(k) + shift;
        RayEdge edge;
        edge.position_px = {cx + radius * dx, cy + radius * dy};
        edge.slope_gray_per_px = here;
        edge.ray = ray;
        const auto at = static_cast<std::size_t>(k);
        edge.inside_gray = k >= 4 ? (profile[at - 2] + profile[at - 3] + profile[at - 4]) / 3.0F : profile[0];
        const float x = edge.position_px.x();
        const float y = edge.position_px.y();
        const Eigen::Vector2f gradient(
            sample_bilinear(image, x + 1.5F, y) - sample_bilinear(image, x - 1.5F, y),
            sample_bilinear(image, x, y + 1.5F) - sample_bilinear(image, x, y - 1.5F));
        const float norm = gradient.norm();
        if (norm > 0.0F && (gradient.x() * dx + gradient.y() * dy) >= min_cos_to_ray * norm) {
          edge.gradient_dir = gradient / norm;
          if (kept < max_edges_per_ray) {
            best[static_cast<std::size_t>(kept++)] = edge;
          } else {
            const auto weakest = std::min_element(
                best.begin(), best.end(),
                [](const RayEdge& a, const RayEdge& b) { return a.slope_gray_per_px < b.slope_gray_per_px; });
            if (weakest->slope_gray_per_px < here) *weakest = edge;
          }
        }
      }
      before = here;
      here = after;
    }
    for (int i = 0; i < kept; ++i) edges.push_back(best[static_cast<std::size_t>(i)]);
  }
}

}  // namespace yarbus
