#pragma once

#include <Eigen/Core>

#include "eyemodel/types/fixed_vector.h"
#include "eyemodel/types/image.h"

namespace yarbus {

constexpr int rays_per_center = 64;
constexpr int max_edges_per_ray = 3;

/// A dark-to-bright transition met on a ray. Frames & units: the sampled image, px.
struct RayEdge {
  Eigen::Vector2f position_px = Eigen::Vector2f::Zero();
  Eigen::Vector2f gradient_dir = Eigen::Vector2f::Zero();  ///< unit, towards brighter
  float slope_gray_per_px = 0.0F;
  float inside_gray = 0.0F;  ///< level two to four pixels before the edge
  int ray = 0;
};

using RayEdges = FixedVector<RayEdge, static_cast<std::size_t>(rays_per_center* max_edges_per_ray)>;

/// Walks from a centre outwards and keeps the strongest dark-to-bright transitions of each ray.
/// Frames & units: image, px, positions to a fraction of a pixel (parabola through the slope). No heap.
void find_ray_edges(GrayView image, const Eigen::Vector2d& center_px, double min_radius_px,
                    double max_radius_px, float min_slope_gray_per_px, RayEdges& edges);

}  // namespace yarbus
