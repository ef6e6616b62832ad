#pragma once

#include <random>

#include "eyemodel/types/fixed_vector.h"
#include "eyemodel/types/outline_shape.h"
#include "tracker/pupil/ray_edges.h"

namespace yarbus {

/// What is known of the outline before its edges are looked at. Units: px of the sampled image, gray.
struct ConsensusSearch {
  double min_radius_px = 2.0;    ///< of the semi-major axis
  double max_radius_px = 100.0;  ///< of the semi-major axis
  double min_aspect_ratio = 0.3;
  double core_gray = 0.0;       ///< level of the dark region; edges whose inner side is brighter count less
  double contrast_gray = 30.0;  ///< its step to the surround
  int ray_count = rays_per_center;  ///< that edges were looked for on
  int draws = 100;
};

struct ConsensusOutline {
  OutlineShape shape;
  double agreement = 0.0;  ///< weighted share of the rays whose edge lies on the outline, 0..1
};

constexpr std::size_t max_consensus_outlines = 4;
using ConsensusOutlines = FixedVector<ConsensusOutline, max_consensus_outlines>;

/// The distinct outlines that most edges agree on, best first: where a lid cuts the pupil, one follows the
/// lid and one goes on behind it, and which of them is the pupil is decided later.
/// Method: RANSAC with local optimisation. Three edges with their directions make an ellipse (six linear
/// conditions on five unknowns), taken from a third of the circle of rays up to all of it, so that a short
/// arc can speak for itself; support by first-order distance (MSAC) and by the direction of the gradient.
/// The draws come from `random`. No heap. Cost: about 0.05 ms.
void find_consensus(const RayEdges& edges, const ConsensusSearch& search, std::minstd_rand& random,
                    ConsensusOutlines& outlines);

/// True if two outlines differ by less than an eighth of their radius.
bool is_same_outline(const OutlineShape& a, const OutlineShape& b);

}  // namespace yarbus
