#pragma once

#include <optional>
#include <span>

#include "calibration/procedure/point_result.h"
#include "calibration/procedure/pursuit_path.h"

namespace yarbus {

/// How far the eye trails the moving target, s, 0 to 0.3: the lag with which an affine function of the
/// target's place leaves the least of the axes' way. Screen geometry enters as a scale only. Errors: nullopt
/// with too few samples. Cost: some ms for half a minute; allocates.
std::optional<double> find_pursuit_lag(std::span<const PointAttempt> attempts, const PursuitPath& path);

/// Sets the targets of an arc's samples to where the target was `lag_s` before.
void apply_pursuit_lag(PointAttempt& attempt, const PursuitPath& path, double lag_s);

}  // namespace yarbus
