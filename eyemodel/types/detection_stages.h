#pragma once

#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// What the pupil detector looked at on its way to an outcome, for people to see. Frames & units: image, px.
struct DetectionStages {
  /// A dark round region (of a bright pupil: a bright one).
  struct Region {
    Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
    double radius_px = 0.0;
    double response_gray = 0.0;  ///< how much it differs from its surround
    bool was_searched = false;   ///< for edges
  };
  /// An outline that was considered.
  struct Outline {
    Ellipse ellipse;
    double confidence = 0.0;
    bool is_full_resolution = false;  ///< judged there; else in a smaller image
  };
  std::vector<Region> regions;                ///< the likeliest first
  std::vector<Eigen::Vector2d> ray_edges_px;  ///< of all searched regions
  std::vector<Outline> outlines;              ///< in the order in which they were considered
  PupilOutcome outcome;
};

}  // namespace yarbus
