#pragma once

#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// What one outline hypothesis was worth; each factor is in 0..1 and the confidence is their product.
struct OutlineScore {
  double support = 0.0;        ///< share of the outline that lies on a dark-to-bright edge (glints left out)
  double contrast_gray = 0.0;  ///< median gray step across the outline
  double fill = 0.0;           ///< share of the interior that is as dark as the inner rim
  double core_ratio = 0.0;     ///< (inner rim - core) / contrast: about 0 on a pupil, large on an iris
  double residual_px = 0.0;    ///< robust standard deviation of edge points about the outline
  double surround = 0.0;       ///< share of the ring outside that is brighter than the interior
  double aspect_ratio = 0.0;
  double arc_px = 0.0;        ///< supported length of the outline, less for edges that lie off it
  double out_of_image = 0.0;  ///< share of the outline outside the image
  double confidence = 0.0;
};

/// Intermediate results of one PupilDetector::detect call, for the expert view. Frames & units: image, px.
struct PupilDetectionTrace {
  struct Candidate {
    Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
    double radius_px = 0.0;
    double response_gray = 0.0;  ///< centre-surround difference less the penalty for a bright centre
  };
  struct Hypothesis {
    Ellipse ellipse;
    OutlineScore score;
    bool from_prior = false;
    bool refined = false;  ///< carried to full resolution
  };
  std::vector<Candidate> candidates;
  std::vector<Eigen::Vector2d> ray_edges_px;  ///< of all candidates
  std::vector<Hypothesis> hypotheses;         ///< the coarse ones, then the refined ones
};

}  // namespace yarbus
