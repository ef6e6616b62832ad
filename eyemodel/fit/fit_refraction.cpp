#include "eyemodel/fit/fit_refraction.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>
#include <Eigen/LU>

#include "eyemodel/fit/refraction_contrast.h"
#include "eyemodel/fit/refraction_report.h"
#include "eyemodel/fit/refraction_start.h"

namespace yarbus {
namespace {

constexpr int iterations_with_anatomy_held = 30;
constexpr double least_fitting_share = 0.5;
/// A minimum with this share of the probability is the only one.
constexpr double only_minimum_weight = 0.99;

double spread_deg(const RefractionProblem& problem) {
  double least_cosine = 1.0;
  for (const RefractionFrame& a : problem.frames) {
    for (const RefractionFrame& b : problem.frames)
      least_cosine = std::min(least_cosine, a.chart.base_in_cam.dot(b.chart.base_in_cam));
  }
  return std::acos(std::clamp(least_cosine, -1.0, 1.0)) * 180.0 / std::numbers::pi;
}

RefractedFrame view_of(const RefractionProblem& problem, const RefractionFrame& frame) {
  return RefractedFrame(problem.shape(frame), frame.chart, frame.turn, problem.intrinsics);
}

RefractionEquations equations_of(const RefractionProblem& problem, const RefractionFrame& frame) {
  return refraction_equations(frame.evidence, view_of(problem, frame));
}

/// While several places are possible the best is kept, and its doubt reaches to the others.
ModelCovariance spread_between(std::span<const EyeMinimum> minima) {
  ModelCovariance spread_mm2 = ModelCovariance::Zero();
  if (minima.front().weight >= only_minimum_weight) return spread_mm2;
  for (const EyeMinimum& minimum : minima) {
    const Eigen::Vector3d off = minimum.eye_center_in_cam_mm - minima.front().eye_center_in_cam_mm;
    spread_mm2.topLeftCorner<3, 3>() += minimum.weight * off * off.transpose();
  }
  return spread_mm2;
}

bool has_patches(std::span<const FitFrame* const> frames, int at_least) {
  return std::count_if(frames.begin(), frames.end(),
                       [](const FitFrame* frame) { return frame->patch != nullptr; }) >= at_least;
}

FitOutcome failed(FitFailure failure, std::size_t frames) {
  FitOutcome outcome;
  outcome.report.was_run = true;
  outcome.report.stage = FitStage::refraction;
  outcome.report.failure = failure;
  outcome.report.frames_rejected = static_cast<int>(frames);
  return outcome;
}

}  // namespace

RefractionProblem refraction_problem(std::span<const FitFrame* const> frames,
                                     const CameraIntrinsics& intrinsics, const AnatomyPrior& anatomy) {
  RefractionProblem problem;
  problem.anatomy_mm = anatomy.mean_mm;
  problem.intrinsics = pinhole_with_lights(intrinsics);
  if (!frames.empty())
    problem.prior = prior_from_first_frame(frames.front()->observation.ellipse, problem.intrinsics, anatomy);
  std::size_t found_limbus = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    RefractionFrame frame;
    frame.evidence = RefractionEvidence::from(*frames[i], intrinsics);
    frame.ellipse = frames[i]->observation.ellipse;
    frame.captured_at = frames[i]->captured_at;
    frame.index = i;
    found_limbus += frame.evidence.limbus.empty() ? 0U : 1U;
    problem.frames.push_back(frame);
  }
  if (!is_limbus_credible(found_limbus, frames.size())) {
    for (RefractionFrame& frame : problem.frames) frame.evidence.limbus.clear();
  }
  return problem;
}

void reject_misfits(RefractionProblem& problem) {
  std::erase_if(problem.frames, [&](const RefractionFrame& frame) {
    return equations_of(problem, frame).weights <
           least_fitting_share * static_cast<double>(frame.evidence.pupil.size());
  });
}

FitOutcome refraction_outcome(const RefractionProblem& problem, const RefractionSolution& solution,
                              const CameraIntrinsics& intrinsics, const ModelCovariance& covariance_mm2) {
  FitOutcome outcome;
  EyeModel model;
  model.stage = FitStage::refraction;
  model.intrinsics = intrinsics;
  model.eye_center_in_cam_mm = problem.eye_centers_in_cam_mm.back();
  model.anatomy = OpticalAnatomy::from(problem.anatomy_mm);
  model.eyeball_radius_mm = model.anatomy.pupil_plane_mm;
  model.covariance_mm2 = covariance_mm2;

  FitReport& report = outcome.report;
  report.was_run = true;
  report.stage = FitStage::refraction;
  report.frames_used = static_cast<int>(problem.frames.size());
  report.iterations = solution.iterations;
  report.converged = solution.has_converged;
  report.spread_deg = spread_deg(problem);
  double squares_px2 = 0.0;
  double weights = 0.0;
  for (const RefractionFrame& frame : problem.frames) {
    const RefractionEquations equations = equations_of(problem, frame);
    squares_px2 += equations.squares_px2;
    weights += equations.weights;
    model.supporting_pupils_in_cam.push_back(view_of(problem, frame).pupil_in_cam());
  }
  report.rms_px = std::sqrt(squares_px2 / std::max(1.0, weights));
  describe_certainty(problem, covariance_mm2, report);
  model.report = report;
  outcome.model = std::move(model);
  return outcome;
}

std::vector<FittedPupil> fitted_pupils(const RefractionProblem& problem,
                                       std::span<const FitFrame* const> frames) {
  std::vector<FittedPupil> pupils(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) pupils[i] = {frames[i]->sequence, {}, false};
  for (const RefractionFrame& frame : problem.frames)
    pupils[frame.index] = {frames[frame.index]->sequence, view_of(problem, frame).pupil_in_cam(), true};
  return pupils;
}

FitOutcome fit_refraction(std::span<const FitFrame* const> frames, const CameraIntrinsics& intrinsics,
                          const FitOptions& options, const std::stop_token& stop) {
  if (frames.size() < static_cast<std::size_t>(options.min_frames) ||
      (options.refraction_by_contrast && !has_patches(frames, options.min_frames)))
    return failed(FitFailure::too_few_frames, frames.size());
  RefractionProblem problem = refraction_problem(frames, intrinsics, options.anatomy_prior);
  std::vector<FitFrame> evenly;  // the closed form needs no more
  constexpr std::size_t most_for_start = 200;
  const std::size_t count = std::min(most_for_start, frames.size());
  for (std::size_t i = 0; i < count; ++i) evenly.push_back(*frames[i * frames.size() / count]);
  const auto minima = find_minima(problem, starting_centers(evenly, problem.intrinsics));
  if (minima.empty()) return failed(FitFailure::ill_conditioned, frames.size());

  problem.eye_centers_in_cam_mm.front() = minima.front().eye_center_in_cam_mm;
  start_turns(problem);
  problem.holds_anatomy = true;
  RefractionSolution solution = solve_with_glints(problem, iterations_with_anatomy_held);
  problem.holds_anatomy = false;
  for (int round = 0; round < 2 && solution.is_usable && !stop.stop_requested(); ++round) {
    reject_misfits(problem);
    if (problem.frames.size() < static_cast<std::size_t>(options.min_frames))
      return failed(FitFailure::too_few_frames, frames.size());
    solution = solve_with_glints(problem, options.max_iterations);
  }
  if (!solution.is_usable || stop.stop_requested()) return failed(FitFailure::diverged, frames.size());
  std::optional<ContrastFit> contrast;
  if (options.refraction_by_contrast) {
    contrast = fit_to_contrast(problem, frames, options, stop);
    if (!contrast->solution.is_usable) return failed(FitFailure::too_few_frames, frames.size());
    contrast->solution.iterations += solution.iterations;
    solution = contrast->solution;
  }
  const ReducedEquations of_frames = reduced_equations(problem);
  const ModelCovariance covariance =
      shape_covariance(problem.prior.information_per_mm2 + of_frames.information, of_frames.by_bias) +
      spread_between(minima);
  FitOutcome outcome = refraction_outcome(problem, solution, intrinsics, covariance);
  outcome.pupils = fitted_pupils(problem, frames);
  if (contrast) {
    outcome.report.rms_px = contrast->rms_px;
    outcome.report.gauge = "fitted to region contrast; " + outcome.report.gauge;
  }
  if (!outcome.report.converged || !covariance.allFinite()) {
    outcome.report.failure = FitFailure::diverged;
    outcome.model.reset();
  }
  return outcome;
}

}  // namespace yarbus
