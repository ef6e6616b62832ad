#pragma once

#include <optional>

#include "eyemodel/types/pupil_observation.h"
#include "eyemodel/types/pupil_prior.h"

namespace yarbus {

/// A pupil this certain is where the next frame starts looking.
constexpr double min_prior_confidence = 0.7;

/// Where the frame after `outcome` starts looking; nullopt: nowhere in particular (after a miss, or an
/// outline too uncertain to lead). Frames & units: image as captured, px. Threads: concurrent-safe, no heap.
std::optional<PupilPrior> next_prior(const PupilOutcome& outcome);

}  // namespace yarbus
