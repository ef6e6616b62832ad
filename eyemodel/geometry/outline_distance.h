#pragma once

#include <Eigen/Core>

#include "eyemodel/types/ellipse.h"

namespace yarbus {

/// Distance (px) from an image point to the nearest point of the outline, inside or out. Method: the nearest
/// point's Lagrange multiplier by Newton's method from its left, where it cannot overshoot. Exact to 1e-9 of
/// the semi-major axis. Threads: concurrent-safe. Cost: under 1 us, no heap.
double distance_to_outline_px(const Ellipse& ellipse, const Eigen::Vector2d& point_px);

/// Hausdorff distance (px) between two outlines: how far a point of either can be from the other outline.
/// Accurate to 0.01 px: each outline is walked in small steps and the farthest places are refined by
/// golden section. Both ellipses must be valid. Threads: concurrent-safe. Cost: about 50 us, no heap.
double hausdorff_distance_px(const Ellipse& a, const Ellipse& b);

}  // namespace yarbus
