#pragma once

#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/pupil_observation.h"
#include "tracker/pupil/outline_evidence.h"

namespace yarbus {

/// Intermediate results of one PupilDetector::detect call, for the expert view. Frames & units: image, px.
struct PupilDetectionTrace {
  struct Candidate {
    Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
    double radius_px = 0.0;
    double response_gray = 0.0;  ///< centre-surround difference less the penalty for a bright centre
    bool was_searched = false;   ///< for edges
  };
  struct Hypothesis {
    Ellipse ellipse;
    OutlineEvidence evidence;
    double confidence = 0.0;
    bool from_prior = false;
    bool refined = false;  ///< carried to full resolution
  };
  std::vector<Candidate> candidates;          ///< the likeliest first, tiny ones last
  std::vector<Eigen::Vector2d> ray_edges_px;  ///< of all searched candidates
  std::vector<Hypothesis> hypotheses;         ///< the coarse ones, then the refined ones
};

}  // namespace yarbus
