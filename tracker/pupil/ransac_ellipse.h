#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>

#include "eyemodel/types/ellipse.h"
#include "tracker/pupil/ray_edges.h"

namespace yarbus {

/// Bounds on the ellipses that are worth testing. Units: px of the sampled image.
struct EllipseLimits {
  double min_radius_px = 2.0;    ///< of the semi-major axis
  double max_radius_px = 100.0;  ///< of the semi-major axis
  double min_aspect_ratio = 0.35;
};

struct RansacEllipse {
  Ellipse ellipse;
  double agreement = 0.0;  ///< weighted share of the rays whose edge lies on the ellipse, 0..1
};

/// What a draw proposes. A circle needs only a short arc, so it finds pupils that a lid cuts, where five
/// points of an ellipse are tempted to bend along the lid; its tolerance is wider because the pupil is seen
/// at an angle.
enum class OutlineModel : std::uint8_t { ellipse, circle };

/// The outline that most rays agree on.
/// Method: RANSAC on edges of different rays (five for an ellipse, three for a circle), inliers by
/// first-order distance and by the direction of the image gradient, each better ellipse refitted to its
/// inliers (LO-RANSAC); the draws come from `random`. Edges marked in `used` are left out. On success the
/// edges that agree are marked too, so that the next call finds the next outline. No heap. Cost: about 0.1
/// ms.
std::optional<RansacEllipse> find_outline(const RayEdges& edges, OutlineModel model,
                                          const EllipseLimits& limits, int draws, std::minstd_rand& random,
                                          std::span<bool> used);

}  // namespace yarbus
