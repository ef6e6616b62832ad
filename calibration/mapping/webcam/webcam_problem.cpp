#include "calibration/mapping/webcam/webcam_problem.h"

#include <cmath>

#include <Eigen/Cholesky>
#include <ceres/autodiff_cost_function.h>
#include <ceres/crs_matrix.h>
#include <ceres/loss_function.h>
#include <ceres/solver.h>

#include "calibration/mapping/webcam/webcam_costs.h"
#include "eyemodel/types/angle.h"

namespace yarbus {
namespace {

using webcam_costs::CameraPrior;
using webcam_costs::EyesPrior;
using webcam_costs::NormalPrior;
using webcam_costs::OneIrisCost;
using webcam_costs::SeenIris;
using webcam_costs::TwoIrisesCost;


template <int N>
Eigen::Matrix<double, N, N> whitening_of(const Eigen::Matrix<double, N, N>& covariance) {
  const Eigen::LLT<Eigen::Matrix<double, N, N>> cholesky(covariance);
  return cholesky.matrixL().solve(Eigen::Matrix<double, N, N>::Identity());
}

/// Of two values with own sigmas and a common part of that sign.
Eigen::Matrix2d common_whitening(double own_sigma, double common_sigma, double sign) {
  const double common = common_sigma * common_sigma;
  Eigen::Matrix2d covariance = own_sigma * own_sigma * Eigen::Matrix2d::Identity();
  covariance += common * (Eigen::Matrix2d() << 1.0, sign, sign, 1.0).finished();
  return whitening_of<2>(covariance);
}

SeenIris seen_by(const WebcamState& state, const FaceBundle& bundle, std::size_t eye) {
  return {static_cast<EyeSide>(eye), bundle.cam_from_head, bundle.eyes[eye]->iris_dir_in_cam,
          bundle.target_in_screen_mm - state.geometry.middle_mm()};
}

}  // namespace

Eigen::Vector2d iris_residual_rad(const WebcamState& state, const FaceBundle& bundle, std::size_t eye) {
  const WebcamGeometry& geometry = state.geometry;
  return -seen_by(state, bundle, eye)
              .residual(geometry.eyes[eye].data(), geometry.screen.data(), &geometry.head_scale,
                        state.miss_mm[bundle.target].data());
}

Eigen::Matrix4d iris_covariance_rad2(const WebcamGeometry& geometry, const FaceBundle& bundle) {
  Eigen::Matrix4d covariance = Eigen::Matrix4d::Zero();
  Eigen::Matrix<double, 4, 6> by_pose = Eigen::Matrix<double, 4, 6>::Zero();
  for (int i = 0; i < 2; ++i) {
    const auto& eye = bundle.eyes[static_cast<std::size_t>(i)];
    if (!eye) continue;
    const auto& fitted = geometry.eyes[static_cast<std::size_t>(i)];
    const Eigen::Vector3d arm =
        bundle.cam_from_head.rotation * Eigen::Vector3d(fitted[0], fitted[1], fitted[2]);
    const double distance_mm = (arm + bundle.cam_from_head.translation_mm).norm();
    Eigen::Matrix<double, 3, 6> moved;               // of the centre by turn and shift
    moved << 0.0, arm.z(), -arm.y(), 1.0, 0.0, 0.0,  //
        -arm.z(), 0.0, arm.x(), 0.0, 1.0, 0.0,       //
        arm.y(), -arm.x(), 0.0, 0.0, 0.0, 1.0;
    by_pose.block<2, 6>(2 * i, 0) =
        geometric_model::tangents<double>(eye->iris_dir_in_cam).transpose() * moved / distance_mm;
    covariance.block<2, 2>(2 * i, 2 * i) = eye->covariance_rad2;
    covariance.block<2, 2>(2 * i, 2 * i).diagonal() += geometry.iris_extra_rad.cwiseAbs2();
  }
  return covariance +
         by_pose * with_turn_doubt(geometry, bundle.cam_from_head, bundle.covariance) * by_pose.transpose();
}

WebcamProblem::WebcamProblem(std::span<const FaceBundle> bundles,
                             const std::array<Eigen::Vector3d, 2>& eye_centers_in_head_mm,
                             const WebcamPriors& priors, WebcamState& state)
    : state_(state) {
  add_bundles(bundles);
  add_eye_priors(eye_centers_in_head_mm, priors);
  add_screen_prior(priors);
}

void WebcamProblem::add_bundles(std::span<const FaceBundle> bundles) {
  WebcamGeometry& geometry = state_.geometry;
  const auto& has = geometry.has_eye;
  for (const FaceBundle& bundle : bundles) {
    const bool right = has[0] && bundle.eyes[0];
    const bool left = has[1] && bundle.eyes[1];
    if (!right && !left) continue;
    const Eigen::Matrix4d covariance = iris_covariance_rad2(geometry, bundle);
    double* const screen = geometry.screen.data();
    double* const scale = &geometry.head_scale;
    double* const miss = state_.miss_mm[bundle.target].data();
    auto* loss = new ceres::HuberLoss(3.0);
    if (right && left) {
      auto* cost = new TwoIrisesCost{{seen_by(state_, bundle, 0), seen_by(state_, bundle, 1)},
                                     whitening_of<4>(covariance)};
      problem_.AddResidualBlock(new ceres::AutoDiffCostFunction<TwoIrisesCost, 4, 6, 6, 6, 1, 2>(cost), loss,
                                geometry.eyes[0].data(), geometry.eyes[1].data(), screen, scale, miss);
    } else {
      const std::size_t eye = right ? 0 : 1;
      const auto at = static_cast<Eigen::Index>(2 * eye);
      auto* cost = new OneIrisCost{seen_by(state_, bundle, eye),
                                   whitening_of<2>(Eigen::Matrix2d(covariance.block<2, 2>(at, at)))};
      problem_.AddResidualBlock(new ceres::AutoDiffCostFunction<OneIrisCost, 2, 6, 6, 1, 2>(cost), loss,
                                geometry.eyes[eye].data(), screen, scale, miss);
    }
  }
  const Eigen::Vector2d& sigma = geometry.target_sigma_mm;
  for (auto& miss : state_.miss_mm) {
    if (!problem_.HasParameterBlock(miss.data())) continue;
    problem_.AddResidualBlock(new ceres::AutoDiffCostFunction<NormalPrior<2>, 2, 2>(
                                  new NormalPrior<2>{{0.0, 0.0}, {sigma[0], sigma[1]}}),
                              new ceres::CauchyLoss(3.0), miss.data());
  }
}

void WebcamProblem::add_eye_priors(const std::array<Eigen::Vector3d, 2>& centers_mm,
                                   const WebcamPriors& priors) {
  WebcamGeometry& geometry = state_.geometry;
  const bool both = geometry.has_eye[0] && geometry.has_eye[1];
  const Eigen::Vector2d kappa = rad_per_deg * priors.kappa_deg;
  const Eigen::Vector2d own = rad_per_deg * priors.kappa_sigma_deg;
  const Eigen::Vector2d common = rad_per_deg * priors.head_turn_sigma_deg;
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (!geometry.has_eye[eye]) continue;
    constexpr double no_prior = 1e6;  // both eyes' kappas have theirs together
    const Eigen::Vector2d sigma = both ? Eigen::Vector2d(no_prior, no_prior)
                                       : Eigen::Vector2d((own.cwiseAbs2() + common.cwiseAbs2()).cwiseSqrt());
    const Eigen::Vector3d& c = centers_mm[eye];
    const Eigen::Vector3d& s = priors.center_sigma_mm;
    problem_.AddResidualBlock(new ceres::AutoDiffCostFunction<NormalPrior<6>, 6, 6>(new NormalPrior<6>{
                                  {c[0], c[1], c[2], priors.radius_mm, kappa[0], kappa[1]},
                                  {s[0], s[1], s[2], priors.radius_sigma_mm, sigma[0], sigma[1]}}),
                              nullptr, geometry.eyes[eye].data());
  }
  problem_.AddResidualBlock(
      new ceres::AutoDiffCostFunction<NormalPrior<1>, 1, 1>(new NormalPrior<1>{{1.0}, {priors.scale_sigma}}),
      nullptr, &geometry.head_scale);
  if (!both) return;
  const Eigen::Vector2d difference = (centers_mm[0] - centers_mm[1]).tail<2>();
  problem_.AddResidualBlock(
      new ceres::AutoDiffCostFunction<EyesPrior, 6, 6, 6>(new EyesPrior{
          kappa, common_whitening(own[0], common[0], -1.0), common_whitening(own[1], common[1], 1.0),
          difference, priors.center_difference_sigma_mm}),
      nullptr, geometry.eyes[0].data(), geometry.eyes[1].data());
}

void WebcamProblem::add_screen_prior(const WebcamPriors& priors) {
  WebcamGeometry& geometry = state_.geometry;
  const Eigen::Vector2d half = geometry.middle_mm();
  const double beside = priors.beside_edge_mm;
  const std::array<Eigen::Vector3d, 4> edges{
      Eigen::Vector3d(0.0, -half[1] - beside, 0.0), Eigen::Vector3d(0.0, half[1] + beside, 0.0),
      Eigen::Vector3d(-half[0] - beside, 0.0, 0.0), Eigen::Vector3d(half[0] + beside, 0.0, 0.0)};
  problem_.AddResidualBlock(new ceres::AutoDiffCostFunction<CameraPrior, 6, 6>(new CameraPrior{
                                edges[static_cast<std::size_t>(geometry.edge)], priors.camera_sigma_mm,
                                rad_per_deg * priors.camera_turn_sigma_deg}),
                            nullptr, geometry.screen.data());
}

std::optional<double> WebcamProblem::solve(int most_iterations) {
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.max_num_iterations = most_iterations;
  options.function_tolerance = 1e-9;
  options.parameter_tolerance = 1e-9;
  options.num_threads = 1;
  options.logging_type = ceres::SILENT;
  options.max_solver_time_in_seconds = 1e9;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem_, &summary);
  bool is_finite = std::isfinite(state_.geometry.head_scale);
  for (const double value : state_.geometry.screen) is_finite = is_finite && std::isfinite(value);
  for (const auto& eye : state_.geometry.eyes)
    for (const double value : eye) is_finite = is_finite && std::isfinite(value);
  if (!is_finite || !summary.IsSolutionUsable()) return std::nullopt;
  return summary.final_cost;
}

Eigen::MatrixXd WebcamProblem::covariance() {
  const Eigen::Index size = webcam_parameters + 2 * static_cast<Eigen::Index>(state_.miss_mm.size());
  ceres::Problem::EvaluateOptions options;
  std::vector<Eigen::Index> columns;
  const auto add = [&](double* block, Eigen::Index column) {
    if (!problem_.HasParameterBlock(block)) return;
    options.parameter_blocks.push_back(block);
    for (int k = 0; k < problem_.ParameterBlockSize(block); ++k) columns.push_back(column + k);
  };
  for (std::size_t i = 0; i < 2; ++i) add(state_.geometry.eyes[i].data(), 6 * static_cast<Eigen::Index>(i));
  add(state_.geometry.screen.data(), 12);
  add(&state_.geometry.head_scale, 18);
  for (std::size_t i = 0; i < state_.miss_mm.size(); ++i)
    add(state_.miss_mm[i].data(), webcam_parameters + 2 * static_cast<Eigen::Index>(i));
  ceres::CRSMatrix sparse;
  problem_.Evaluate(options, nullptr, nullptr, nullptr, &sparse);
  Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(sparse.num_rows, static_cast<Eigen::Index>(columns.size()));
  for (int row = 0; row < sparse.num_rows; ++row) {
    for (int k = sparse.rows[static_cast<std::size_t>(row)];
         k < sparse.rows[static_cast<std::size_t>(row) + 1]; ++k)
      dense(row, sparse.cols[static_cast<std::size_t>(k)]) = sparse.values[static_cast<std::size_t>(k)];
  }
  // In units of each parameter's own sureness, so that rad and mm go together.
  const Eigen::VectorXd scale = dense.colwise().norm().transpose().cwiseInverse();
  const Eigen::MatrixXd scaled = dense * scale.asDiagonal();
  const Eigen::MatrixXd inverse = (scaled.transpose() * scaled)
                                      .eval()
                                      .ldlt()
                                      .solve(Eigen::MatrixXd::Identity(dense.cols(), dense.cols()));
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(size, size);
  covariance(columns, columns) =
      scale.asDiagonal() * (0.5 * (inverse + inverse.transpose())) * scale.asDiagonal();
  return covariance;
}

}  // namespace yarbus
