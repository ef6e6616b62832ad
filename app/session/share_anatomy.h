#pragma once

#include <array>
#include <optional>
#include <stop_token>

#include "app/session/eye_track.h"
#include "eyemodel/fit/anatomy_prior.h"

namespace yarbus {

/// What the other eye's model says of this eye's anatomy; nullopt unless that is a usable refraction model.
std::optional<AnatomyPrior> prior_from_other_model(const EyeModelPtr& other);

/// Between two passes: fits each eye again with what the other eye's first fit says of its anatomy. Both
/// priors come from fits that knew nothing of the other eye, so no observation counts twice. Does nothing for
/// an eye whose other has no usable refraction model.
void share_anatomy(EyeTrack& right, EyeTrack& left, const std::stop_token& stop);

}  // namespace yarbus
