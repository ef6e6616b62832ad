#pragma once

#include <chrono>
#include <optional>

#include "eyemodel/types/gaze_sample.h"
#include "eyemodel/types/pupil_observation.h"
#include "eyemodel/types/pupil_prior.h"

namespace yarbus {

/// Where the next frame's search starts, from what this frame showed: an observation whose confidence is at
/// least 0.7. Its covariance lets the centre wander by a quarter of the radius and the shape by a twentieth
/// (one standard deviation). After a miss or a doubtful pupil the `current` prior stays while a lid covers
/// part of its place, so that the closure goes on being told and the pupil is met where it was. nullopt:
/// nothing that could be trusted, so the whole image is searched.
std::optional<PupilPrior> next_prior(const PupilOutcome& outcome, const std::optional<PupilPrior>& current);

/// The same for a whole sample: its eye model's prediction where the sample has a pose that agrees with such
/// an observation (predict_outline), the observation itself otherwise. `before`: the pose of the frame before
/// under the same model, if there is one; `step`: the time between both, as until the next frame.
std::optional<PupilPrior> next_prior(const GazeSample& sample, const std::optional<PupilPrior>& current,
                                     const std::optional<EyePose>& before, std::chrono::nanoseconds step);

}  // namespace yarbus
