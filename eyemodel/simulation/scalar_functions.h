#pragma once

#include <algorithm>

#include "eyemodel/types/angle.h"

namespace yarbus::simulation {


/// 0 below `low`, 1 above `high`, a cubic between; with `low` > `high` it falls.
constexpr double smooth_step(double low, double high, double x) {
  const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
  return t * t * (3.0 - 2.0 * t);
}

}  // namespace yarbus::simulation
