#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/fit/refraction_problem.h"

namespace yarbus {

/// The refraction stage of fit_eye_model(): one eye centre for all frames, the population's anatomy as prior.
/// Method: the minima that the closed-form model and the population lead to are compared (find_minima), then
/// all frames' edges are fitted jointly, first with the anatomy held, then freed; frames that mostly do not
/// fit are left out, and the fit is run once more. With options.refraction_by_contrast that is the start of a
/// fit to the image's region contrast (fit_to_contrast), of the frames that have a patch.
/// `frames` in the order of their sequence.
FitOutcome fit_refraction(std::span<const FitFrame* const> frames, const CameraIntrinsics& intrinsics,
                          const FitOptions& options, const std::stop_token& stop);

/// The problem of these frames about an unknown eye: their evidence, the prior of the first one.
RefractionProblem refraction_problem(std::span<const FitFrame* const> frames,
                                     const CameraIntrinsics& intrinsics, const AnatomyPrior& anatomy);

/// Model and report of a solved problem: what fit, smoother and online model share at their end.
FitOutcome refraction_outcome(const RefractionProblem& problem, const RefractionSolution& solution,
                              const CameraIntrinsics& intrinsics, const ModelCovariance& covariance_mm2);

/// The pupils of `frames`, which `index` of the problem's frames counts; those left out are no inliers.
std::vector<FittedPupil> fitted_pupils(const RefractionProblem& problem,
                                       std::span<const FitFrame* const> frames);

/// Leaves out frames of whose pupil edges less than half fit.
void reject_misfits(RefractionProblem& problem);

}  // namespace yarbus
