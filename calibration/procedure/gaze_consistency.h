#pragma once

#include <optional>
#include <span>
#include <vector>

#include "calibration/calibration_sample.h"
#include "calibration/procedure/point_result.h"

namespace yarbus {

/// How well one eye's axes follow the targets, before any calibration.
struct GazeConsistency {
  std::optional<EyeSide> eye;  ///< the one judged: most points, then least residual; unset: too few points
  int points = 0;
  double spread_share = 0.0;  ///< of the axes over the points, against what screen and distance ask for
  /// Smallest and largest stretch from the turns asked for to the turns made; 1 is as expected.
  double least_scale = 0.0;
  double largest_scale = 0.0;
  bool is_consistent = false;  ///< two thirds of the points (and at least four) lie where the others say
  std::vector<std::optional<double>> off_deg;  ///< by point: from where the others expect it; unset: no data
};

/// Frames & units: axes in cam, targets in screen; deg. Method: the eye's mean axis per point, in the plane
/// that touches the unit sphere at their mean, is an affine function of the target's place up to the
/// projections' curvature (under 1 deg for a screen of 40 deg). Least squares; the point with the largest
/// deleted residual goes until all agree within `elsewhere_deg`; at least two thirds stay. Needs no idea of
/// kappa or of the camera's place. Points must have been followed (results with data). Cost: small,
/// allocates.
GazeConsistency find_consistency(std::span<const PointResult> points, const ScreenGeometry& screen,
                                 double elsewhere_deg);

}  // namespace yarbus
