#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/simulation/scene.h"

namespace yarbus::simulation {

/// As find_corneal_crossing, to the last digits of a double, but by Newton's method on the same equation of
/// Snell's law, kept inside the bracket that bisection would have. Cost: about 0.1 us, no heap.
Eigen::Vector3d find_corneal_crossing_fast(const Eigen::Vector3d& inside_mm, const Eigen::Vector3d& viewer_mm,
                                           const EyeAnatomy& eye);

/// As trace_pupil_outline: the same points in the same order, into `points` (whose size says how many).
void trace_pupil_outline_fast(const Scene& scene, std::span<Eigen::Vector2d> points_px);

/// A point of the limbus in the image and whether the cornea's bulge leaves it in sight.
struct LimbusPoint {
  Eigen::Vector2d position_px = Eigen::Vector2d::Zero();
  bool is_in_sight = true;
};
/// The limbus at `t_rad` around the optical axis, from the eye's x (image right at rest). It lies on the
/// eye's surface, so nothing refracts it.
LimbusPoint project_limbus_point(const Scene& scene, double t_rad);

}  // namespace yarbus::simulation
