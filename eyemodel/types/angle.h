#pragma once
// Angles in other units: what is kept is in radians, what people read is in degrees.

#include <numbers>

namespace yarbus {

inline constexpr double rad_per_deg = std::numbers::pi / 180.0;
inline constexpr double deg_per_rad = 180.0 / std::numbers::pi;
inline constexpr double two_pi = 2.0 * std::numbers::pi;  ///< a full turn, rad

}  // namespace yarbus
