#pragma once

#include <span>
#include <stop_token>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/fit/refraction_problem.h"

namespace yarbus {

/// How a joint fit to region contrast went.
struct ContrastFit {
  RefractionSolution solution;  ///< its cost: of the last round
  double first_cost = 0.0;      ///< where that round began
  double rms_px = 0.0;  ///< robust, of the detector's edges to the outlines the contrast was fitted with
  int frames_without_hill =
      0;  ///< left out: no patch, or no contrast about the outline that could be followed
};

/// Region contrast as data term of the refraction stage, in place of pupil edges. From `problem`, as a fit to
/// edges left it, moves eye centre and anatomy, which all frames share, and each frame's turn until
///   sum of refracted_contrast_cost() + the other evidence (limbus) + the prior
/// is least. Method: Newton's with Levenberg and Marquardt's damping on exact gradients and expected
/// curvatures (refracted_contrast_model), each frame's turn eliminated first (Schur complement). Bands,
/// visible sectors and what a gray level is worth are found about the start, held while it descends, and
/// found once more about where it came to, for a second round. A frame whose bands leave its patch shortens
/// the step; where that ends the descent it is left out and the others go on. Afterwards problem.frames holds
/// the frames used, each with evidence equivalent to its contrast (equivalent_observation), so that
/// covariance and report follow as from edges. Needs: one placement; `frames` as RefractionFrame::index
/// counts them. Deterministic, one thread, no clock. Errors: is_usable is false if fewer than
/// options.min_frames frames can be followed (problem.frames then has that few); has_converged is false after
/// options.max_iterations steps or a stop. Cost: about 40 us a frame and step.
ContrastFit fit_to_contrast(RefractionProblem& problem, std::span<const FitFrame* const> frames,
                            const FitOptions& options, const std::stop_token& stop);

}  // namespace yarbus
