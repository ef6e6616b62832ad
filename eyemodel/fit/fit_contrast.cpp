#include <limits>
#include <vector>

#include <ceres/gradient_problem.h>
#include <ceres/gradient_problem_solver.h>

#include "eyemodel/fit/contrast_cost.h"
#include "eyemodel/fit/fit_state.h"

namespace yarbus {

std::optional<FitFailure> fit_contrast(FitState& state, const FitOptions& options) {
  const BandContrastOptions bands{options.contrast_band_px, 1.0, options.glint_threshold_gray};
  std::vector<FitPupil*> pupils;
  std::vector<ContrastFrame> frames;
  std::vector<double> values(state.eye_center_in_cam_mm.data(), state.eye_center_in_cam_mm.data() + 3);
  for (FitPupil& pupil : state.pupils) {
    if (!pupil.is_inlier) continue;
    const PupilChart chart = PupilChart::about(pupil.pupil_in_cam.normal_in_cam);
    const auto outline =
        pupil_outline(parameters_of(state, pupil), chart, state.eyeball_radius_mm, state.intrinsics);
    const auto* patch = pupil.frame->patch.get();
    if (!outline || patch == nullptr || !band_contrast(outline->conic, *patch, bands).is_valid) {
      pupil.is_inlier = false;
      continue;
    }
    pupils.push_back(&pupil);
    frames.push_back({patch, chart});
    values.insert(values.end(), {0.0, 0.0, pupil.pupil_in_cam.radius_mm});
  }
  if (frames.size() < static_cast<std::size_t>(options.min_frames)) return FitFailure::too_few_frames;

  const ceres::GradientProblem problem(
      new ContrastCost(frames, state.eyeball_radius_mm, state.intrinsics, bands));
  ceres::GradientProblemSolver::Options solver;
  solver.line_search_direction_type = ceres::LBFGS;
  solver.max_num_iterations = options.max_iterations;
  solver.max_solver_time_in_seconds = std::numeric_limits<double>::max();  // no clock decides the result
  solver.function_tolerance = 1e-6;
  solver.logging_type = ceres::SILENT;
  ceres::GradientProblemSolver::Summary summary;
  ceres::Solve(solver, problem, values.data(), &summary);
  if (!summary.IsSolutionUsable()) return FitFailure::diverged;

  state.iterations += static_cast<int>(summary.iterations.size());
  state.converged =
      summary.termination_type == ceres::CONVERGENCE || summary.termination_type == ceres::NO_CONVERGENCE;
  state.eye_center_in_cam_mm = {values[0], values[1], values[2]};
  for (std::size_t i = 0; i < frames.size(); ++i) {
    pupils[i]->pupil_in_cam = pupil_at(state.eye_center_in_cam_mm, state.eyeball_radius_mm, frames[i].chart,
                                       values[3 + 3 * i], values[4 + 3 * i], values[5 + 3 * i]);
  }
  return std::nullopt;
}

}  // namespace yarbus
