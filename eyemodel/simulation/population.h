#pragma once

#include <cstdint>
#include <string_view>

#include "eyemodel/simulation/anatomy.h"
#include "eyemodel/types/optical_anatomy.h"

namespace yarbus::simulation {

/// Whose eyes are simulated.
enum class Population : std::uint8_t {
  simulated,  ///< sample_anatomy: uniform ranges, parts that depend on each other
  normal,     ///< each length by itself from a normal distribution: what a fit with such priors assumes
};

constexpr std::string_view to_string(Population population) {
  return population == Population::normal ? "normal" : "simulated";
}

/// Draws subject `seed`. `normal`: rotation centre to pupil plane 10.0 +- 0.35, to corneal centre 5.45 +-
/// 0.30, corneal radius 7.8 +- 0.25, limbus radius 5.85 +- 0.25 mm, the values that the field uses
/// (docs/eye-model.md). The same seed gives the same eye.
EyeAnatomy draw_anatomy(Population population, std::uint64_t seed);

/// The lengths that the optics depend on.
OpticalAnatomy optical_anatomy_of(const EyeAnatomy& eye);

}  // namespace yarbus::simulation
