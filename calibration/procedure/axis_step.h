#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "calibration/procedure/point_result.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus {

/// A lasting jump of an eye's axes against the targets: what a camera that slips does to an eye model that is
/// held, whose centre cannot show it.
struct AxisStep {
  std::size_t first_after = 0;  ///< index of the first point after it
  double step_deg = 0.0;
  double rest_deg = 0.0;  ///< root mean square of what is left over
};

/// Frames & units: axes in cam, targets in screen; deg. `shown` are points of one eye with data, in the order
/// in which they were shown. Method: as find_consistency(), the axis is an affine function of the target's
/// place; here one step is added to it between two points. The split that leaves the least squares counts if
/// at least two points lie on either side, the step is longer than `least_deg` and than four times its own
/// standard error, and what is left over is under half of `least_deg`. Errors: nullopt with fewer than six
/// points, or without a step. Cost: small.
std::optional<AxisStep> find_axis_step(std::span<const PointResult* const> shown, EyeSide side,
                                       const ScreenGeometry& screen, double least_deg);

}  // namespace yarbus
