#pragma once

#include "eyemodel/fit/refraction_problem.h"
#include "eyemodel/types/eye_model.h"

namespace yarbus {

/// Fills what the report says of certainty: posterior standard deviations of eye centre, anatomy, gaze and
/// pupil diameter; and which directions of the shape the frames left to the prior, found as the eigenvectors
/// of the frames' information in units of the prior's whose eigenvalue is below 1, each named by the lengths
/// that change together in it.
void describe_certainty(const RefractionProblem& problem, const ModelCovariance& covariance_mm2,
                        FitReport& report);

}  // namespace yarbus
