#include "eyemodel/fit/refraction_problem.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <ceres/cost_function.h>
#include <ceres/loss_function.h>
#include <ceres/ordered_groups.h>
#include <ceres/problem.h>
#include <ceres/sized_cost_function.h>
#include <ceres/solver.h>

namespace yarbus {
namespace {

/// How much a slip costs against the walk: a jump is believed from some five sigmas of evidence on.
constexpr double slip_reluctance = 4.0;

/// One frame's robust residuals. Parameters: eye centre at its placement (3, mm) and, if it lies between two,
/// at the next (3); anatomy (4, mm); turn (3: rad, rad, mm). Cost and gradient are those of
/// refraction_cost(); the derivatives of single residuals are those of reweighted least squares
/// (refraction_residuals). Outside the model's domain the evaluation fails, so that the solver rejects the
/// step.
class FrameCost final : public ceres::CostFunction {
 public:
  FrameCost(const RefractionFrame& frame, const CameraIntrinsics& intrinsics, bool is_between)
      : frame_(frame), intrinsics_(intrinsics), is_between_(is_between) {
    auto& sizes = *mutable_parameter_block_sizes();
    sizes = {3, 4, 3};
    if (is_between) sizes.push_back(3);
    set_num_residuals(static_cast<int>(refraction_residual_count(frame.evidence)));
  }

  bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override {
    EyeShape shape;
    shape.head<3>() = Eigen::Map<const Eigen::Vector3d>(parameters[0]);
    shape.tail<4>() = Eigen::Map<const Eigen::Vector4d>(parameters[1]);
    const double share = frame_.placement_share;
    if (is_between_)
      shape.head<3>() = (1.0 - share) * shape.head<3>() +
                        share * Eigen::Vector3d(Eigen::Map<const Eigen::Vector3d>(parameters[3]));
    const EyeTurn turn = Eigen::Map<const EyeTurn>(parameters[2]);
    if (!is_possible(shape) || !turn.allFinite() || !(turn[2] > 0.0)) return false;
    const RefractedFrame view(shape, frame_.chart, turn, intrinsics_);
    std::array<RefractionRow, RefractionEvidence::max_residuals> rows;
    refraction_residuals(frame_.evidence, view, residuals, jacobians != nullptr ? rows.data() : nullptr);
    if (jacobians == nullptr) return true;
    const auto write = [&](int block, int from, int count, double factor) {
      if (jacobians[block] == nullptr) return;
      for (int i = 0; i < num_residuals(); ++i) {
        for (int k = 0; k < count; ++k)
          jacobians[block][i * count + k] = factor * rows[static_cast<std::size_t>(i)][from + k];
      }
    };
    write(0, 0, 3, is_between_ ? 1.0 - share : 1.0);
    write(1, 3, 4, 1.0);
    write(2, 7, 3, 1.0);
    if (is_between_) write(3, 0, 3, share);
    return true;
  }

 private:
  const RefractionFrame& frame_;
  const CameraIntrinsics& intrinsics_;
  bool is_between_;
};

/// A square root of an information matrix: root^T root = information, also for one of less than full rank.
ModelCovariance root_of(const ModelCovariance& information) {
  const Eigen::SelfAdjointEigenSolver<ModelCovariance> eigen(information);
  return eigen.eigenvalues().cwiseMax(0.0).cwiseSqrt().asDiagonal() * eigen.eigenvectors().transpose();
}

/// The prior of the first placement (3, mm) and the anatomy (4, mm).
class PriorCost final : public ceres::CostFunction {
 public:
  explicit PriorCost(const ShapePrior& prior) : mean_(prior.mean), root_(root_of(prior.information_per_mm2)) {
    *mutable_parameter_block_sizes() = {3, 4};
    set_num_residuals(7);
  }
  bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override {
    EyeShape shape;
    shape.head<3>() = Eigen::Map<const Eigen::Vector3d>(parameters[0]);
    shape.tail<4>() = Eigen::Map<const Eigen::Vector4d>(parameters[1]);
    Eigen::Map<EyeShape>{residuals} = root_ * (shape - mean_);
    if (jacobians == nullptr) return true;
    if (jacobians[0] != nullptr)
      Eigen::Map<Eigen::Matrix<double, 7, 3, Eigen::RowMajor>>{jacobians[0]} = root_.leftCols<3>();
    if (jacobians[1] != nullptr)
      Eigen::Map<Eigen::Matrix<double, 7, 4, Eigen::RowMajor>>{jacobians[1]} = root_.rightCols<4>();
    return true;
  }

 private:
  EyeShape mean_;
  ModelCovariance root_;
};

/// The way between two placements (3, 3, mm), in steps of the walk.
class WalkCost final : public ceres::SizedCostFunction<3, 3, 3> {
 public:
  explicit WalkCost(double walk_mm) : walk_mm_(walk_mm) {}
  bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override {
    for (int k = 0; k < 3; ++k) residuals[k] = (parameters[1][k] - parameters[0][k]) / walk_mm_;
    if (jacobians == nullptr) return true;
    for (int block = 0; block < 2; ++block) {
      if (jacobians[block] == nullptr) continue;
      Eigen::Map<Eigen::Matrix3d>{jacobians[block]} =
          Eigen::Matrix3d::Identity() * ((block == 0 ? -1.0 : 1.0) / walk_mm_);
    }
    return true;
  }

 private:
  double walk_mm_;
};

/// Lengths that hardly any eye has explain nothing: where frames and limbus contradict each other, a limbus
/// of half the size would reconcile them at the price of one eye's prior, against however many frames.
void bound_anatomy(ceres::Problem& ceres_problem, Eigen::Vector4d& anatomy_mm) {
  constexpr double most_sigmas = 3.0;
  const Eigen::Vector4d mean_mm = OpticalAnatomy{}.vector();
  const Eigen::Vector4d reach_mm = most_sigmas * seen_anatomy_sigmas_mm();
  anatomy_mm = anatomy_mm.cwiseMax(mean_mm - reach_mm).cwiseMin(mean_mm + reach_mm);
  for (int i = 0; i < 4; ++i) {
    ceres_problem.SetParameterLowerBound(anatomy_mm.data(), i, mean_mm[i] - reach_mm[i]);
    ceres_problem.SetParameterUpperBound(anatomy_mm.data(), i, mean_mm[i] + reach_mm[i]);
  }
}

}  // namespace

double walk_cost(double way_mm, double walk_mm) {
  const double steps = way_mm / walk_mm;
  return 0.5 * slip_reluctance * std::log1p(steps * steps);
}

ShapePrior shape_prior(const AnatomyPrior& anatomy) {
  ShapePrior prior;
  prior.mean.tail<4>() = anatomy.mean_mm;
  prior.information_per_mm2.bottomRightCorner<4, 4>() = anatomy.covariance_mm2.inverse();
  return prior;
}

EyeShape RefractionProblem::shape(const RefractionFrame& frame) const {
  Eigen::Vector3d center = eye_centers_in_cam_mm[frame.placement];
  if (frame.placement_share > 0.0)
    center += frame.placement_share * (eye_centers_in_cam_mm[frame.placement + 1] - center);
  EyeShape shape;
  shape << center, anatomy_mm;
  return shape;
}

RefractionSolution solve(RefractionProblem& problem, int max_iterations) {
  for (const RefractionFrame& frame : problem.frames) {
    if (!is_possible(problem.shape(frame)) || !(frame.turn[2] > 0.0)) return {};
  }
  ceres::Problem::Options ownership;
  ownership.enable_fast_removal = false;
  ceres::Problem ceres_problem(ownership);
  auto ordering = std::make_shared<ceres::ParameterBlockOrdering>();
  auto& centers = problem.eye_centers_in_cam_mm;
  double* anatomy = problem.anatomy_mm.data();
  for (auto& center : centers) {
    ceres_problem.AddParameterBlock(center.data(), 3);
    ordering->AddElementToGroup(center.data(), 1);
  }
  ceres_problem.AddParameterBlock(anatomy, 4);
  ordering->AddElementToGroup(anatomy, 1);
  if (problem.holds_anatomy) {
    ceres_problem.SetParameterBlockConstant(anatomy);
  } else {
    bound_anatomy(ceres_problem, problem.anatomy_mm);
  }
  for (RefractionFrame& frame : problem.frames) {
    const bool is_between = frame.placement_share > 0.0;
    std::vector<double*> blocks{centers[frame.placement].data(), anatomy, frame.turn.data()};
    if (is_between) blocks.push_back(centers[frame.placement + 1].data());
    ceres_problem.AddResidualBlock(new FrameCost(frame, problem.intrinsics, is_between), nullptr, blocks);
    ordering->AddElementToGroup(frame.turn.data(), 0);
  }
  ceres_problem.AddResidualBlock(new PriorCost(problem.prior), nullptr, centers.front().data(), anatomy);
  for (std::size_t i = 0; i + 1 < centers.size(); ++i) {
    ceres_problem.AddResidualBlock(
        new WalkCost(problem.walk_mm),
        new ceres::ScaledLoss(new ceres::CauchyLoss(1.0), slip_reluctance, ceres::TAKE_OWNERSHIP),
        centers[i].data(), centers[i + 1].data());
  }

  ceres::Solver::Options options;
  options.linear_solver_type = centers.size() > 8 ? ceres::SPARSE_SCHUR : ceres::DENSE_SCHUR;
  options.linear_solver_ordering = ordering;
  options.num_threads = 1;
  options.max_num_iterations = max_iterations;
  options.max_solver_time_in_seconds = std::numeric_limits<double>::max();  // no clock decides the result
  options.function_tolerance = 1e-7;
  options.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &ceres_problem, &summary);

  RefractionSolution solution;
  solution.cost = summary.final_cost;
  solution.iterations = static_cast<int>(summary.iterations.size());
  solution.is_usable =
      summary.IsSolutionUsable() &&
      is_possible(problem.shape(problem.frames.empty() ? RefractionFrame{} : problem.frames.front()));
  solution.has_converged = summary.termination_type == ceres::CONVERGENCE;
  for (RefractionFrame& frame : problem.frames) {
    frame.chart = PupilChart::about(frame.chart.gaze_at(frame.turn[0], frame.turn[1], 1.0));
    frame.turn.head<2>().setZero();
  }
  return solution;
}

double glint_scatter(const RefractionProblem& problem) {
  std::vector<double> off_sigmas;
  for (const RefractionFrame& frame : problem.frames) {
    if (frame.evidence.glints.empty()) continue;
    const RefractedFrame view(problem.shape(frame), frame.chart, frame.turn, problem.intrinsics);
    for (const WeighedPoint& glint : frame.evidence.glints) {
      if (const auto match = match_glint(glint.position_px, view, false))
        off_sigmas.push_back(match->off_px.norm() / glint.sigma_px);
    }
  }
  if (off_sigmas.empty()) return 1.0;
  const auto middle = off_sigmas.begin() + static_cast<std::ptrdiff_t>(off_sigmas.size() / 2);
  std::nth_element(off_sigmas.begin(), middle, off_sigmas.end());
  constexpr double median_of_two_normals = 1.1774;  // of the length of a vector of two
  return std::max(1.0, *middle / median_of_two_normals);
}

RefractionSolution solve_with_glints(RefractionProblem& problem, int max_iterations) {
  const bool has_glints = std::any_of(problem.frames.begin(), problem.frames.end(),
                                      [](const auto& frame) { return !frame.evidence.glints.empty(); });
  if (!has_glints) return solve(problem, max_iterations);
  constexpr int most_rounds = 6;
  constexpr double still_shrinks = 0.9;
  double scale = glint_scatter(problem);
  RefractionSolution solution;
  int iterations = 0;
  for (int round = 0; round < most_rounds; ++round) {
    for (RefractionFrame& frame : problem.frames) frame.evidence.glint_scale = scale;
    solution = solve(problem, max_iterations);
    iterations += solution.iterations;
    if (!solution.is_usable) break;
    const double now = glint_scatter(problem);
    if (now > still_shrinks * scale) break;
    scale = now;
  }
  solution.iterations = iterations;
  return solution;
}

ReducedEquations eliminate_turn(const RefractionEquations& equations) {
  ReducedEquations reduced;
  Eigen::Matrix3d own = equations.matrix.bottomRightCorner<3, 3>();
  own.diagonal().array() += 1e-9;
  const Eigen::Matrix<double, 7, 3> cross = equations.matrix.topRightCorner<7, 3>();
  const auto factor = own.ldlt();
  reduced.information = equations.matrix.topLeftCorner<7, 7>() - cross * factor.solve(cross.transpose());
  reduced.right = equations.right.head<7>() - cross * factor.solve(equations.right.tail<3>());
  reduced.by_bias = equations.by_bias.topRows<7>() - cross * factor.solve(equations.by_bias.bottomRows<3>());
  return reduced;
}

ReducedEquations reduced_equations(const RefractionProblem& problem) {
  ReducedEquations sum;
  for (const RefractionFrame& frame : problem.frames) {
    const RefractedFrame view(problem.shape(frame), frame.chart, frame.turn, problem.intrinsics);
    const ReducedEquations reduced = eliminate_turn(refraction_equations(frame.evidence, view));
    sum.information += reduced.information;
    sum.right += reduced.right;
    sum.by_bias += reduced.by_bias;
  }
  return sum;
}

ModelCovariance shape_covariance(const ModelCovariance& information_per_mm2, const BiasCoupling& by_bias) {
  const ModelCovariance covariance = information_per_mm2.inverse();
  const BiasCoupling moved_mm = covariance * by_bias;
  return covariance + moved_mm * moved_mm.transpose();
}

}  // namespace yarbus
