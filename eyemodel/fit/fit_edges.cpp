#include <array>
#include <limits>
#include <memory>
#include <vector>

#include <ceres/ordered_groups.h>
#include <ceres/problem.h>
#include <ceres/solver.h>

#include "eyemodel/fit/edge_cost.h"
#include "eyemodel/fit/fit_state.h"

namespace yarbus {

std::optional<FitFailure> fit_edges(FitState& state, const FitOptions& options) {
  struct Block {
    FitPupil* pupil;
    PupilChart chart;
    std::array<double, 3> values;  // a, b (mm), radius (mm)
  };
  std::vector<Block> blocks;
  blocks.reserve(state.pupils.size());  // Ceres keeps pointers into it
  Eigen::Vector3d eye_center = state.eye_center_in_cam_mm;

  ceres::Problem problem;
  auto ordering = std::make_shared<ceres::ParameterBlockOrdering>();
  for (FitPupil& pupil : state.pupils) {
    if (!pupil.is_inlier) continue;
    blocks.push_back({&pupil,
                      PupilChart::about(pupil.pupil_in_cam.normal_in_cam),
                      {0.0, 0.0, pupil.pupil_in_cam.radius_mm}});
    Block& block = blocks.back();
    problem.AddResidualBlock(new EdgeCost(pupil.edges_px, block.chart, state.eyeball_radius_mm,
                                          state.intrinsics, options.edge_loss_scale_px),
                             nullptr, eye_center.data(), block.values.data());
    ordering->AddElementToGroup(block.values.data(),
                                0);  // eliminated first: the Schur complement is the eye centre's 3x3
  }
  if (blocks.size() < static_cast<std::size_t>(options.min_frames)) return FitFailure::too_few_frames;
  ordering->AddElementToGroup(eye_center.data(), 1);

  ceres::Solver::Options solver;
  solver.linear_solver_type = ceres::DENSE_SCHUR;
  solver.linear_solver_ordering = ordering;
  solver.num_threads = 1;
  solver.max_num_iterations = options.max_iterations;
  solver.max_solver_time_in_seconds = std::numeric_limits<double>::max();  // no clock decides the result
  solver.function_tolerance = 1e-6;
  solver.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  ceres::Solve(solver, &problem, &summary);
  if (!summary.IsSolutionUsable()) return FitFailure::diverged;

  state.iterations += static_cast<int>(summary.iterations.size());
  state.converged = summary.termination_type == ceres::CONVERGENCE;
  state.eye_center_in_cam_mm = eye_center;
  for (const Block& block : blocks) {
    block.pupil->pupil_in_cam = pupil_at(eye_center, state.eyeball_radius_mm, block.chart, block.values[0],
                                         block.values[1], block.values[2]);
  }
  return std::nullopt;
}

}  // namespace yarbus
