#pragma once

#include "tests/support/synthetic_pupil.h"

namespace yarbus::test {

/// A round pupil of which a share of the area lies beyond a border; `direction` points at that border.
inline SyntheticEye eye_cut_by_border(const Eigen::Vector2d& direction, double radius_px,
                                      double share_outside) {
  // Distance of the chord from the centre, in radii, by bisection of the circular segment's area.
  double low = -1.0;
  double high = 1.0;
  for (int k = 0; k < 50; ++k) {
    const double d = 0.5 * (low + high);
    const double outside = (std::acos(d) - d * std::sqrt(1.0 - d * d)) / std::numbers::pi;
    (outside > share_outside ? low : high) = d;
  }
  SyntheticEye eye;
  const Eigen::Vector2d middle(159.5, 119.5);
  const double to_border_px = std::abs(direction.x()) > 0.5 ? 160.0 : 120.0;
  eye.pupil = Ellipse{middle + (to_border_px - low * radius_px) * direction, radius_px, radius_px, 0.0};
  return eye;
}

}  // namespace yarbus::test
