#include "calibration/camera/fit_lens.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>
#include <Eigen/LU>
#include <Eigen/SVD>
#include <ceres/autodiff_cost_function.h>
#include <ceres/loss_function.h>
#include <ceres/manifold.h>
#include <ceres/problem.h>
#include <ceres/solver.h>
#include <opencv2/calib3d.hpp>

namespace yarbus {
namespace {

/// Coefficients beyond these are no lens; they weigh as much as one point that is off by 0.1 px, so they
/// speak only where the views say nothing.
constexpr std::array<double, 5> standard_sigmas{0.5, 1.0, 0.02, 0.02, 2.0};
constexpr std::array<double, 5> fisheye_sigmas{0.3, 0.5, 0.5, 0.5, 1.0};
constexpr double prior_px = 0.1;

struct DistortionPrior {
  std::array<double, 5> weights;
  explicit DistortionPrior(DistortionModel model) {
    const auto& sigmas = model == DistortionModel::fisheye ? fisheye_sigmas : standard_sigmas;
    for (std::size_t i = 0; i < 5; ++i) weights[i] = prior_px / sigmas[i];
  }
  template <class T>
  bool operator()(const T* camera, T* residual) const {
    for (std::size_t i = 0; i < 5; ++i) residual[i] = weights[i] * camera[4 + i];
    return true;
  }
};

using PointCost = ceres::AutoDiffCostFunction<LensResidual, 2, camera_parameters, pose_parameters>;

PointCost* cost_of(const BoardPoint& point, const BoardView& view, DistortionModel model) {
  return new PointCost(new LensResidual{model, point.on_board_mm, view.circle_radius_mm, point.in_image_px});
}

enum class Free { focal_only, lens };

struct SolveOptions {
  Free free = Free::lens;
  double cauchy_px = 0.0;  ///< 0: plain least squares
  int iterations = 100;
};

void measure(const ViewList& views, LensFit& fit) {
  double sum = 0.0;
  std::size_t count = 0;
  fit.view_rms_px.assign(views.size(), 0.0);
  for (std::size_t v = 0; v < views.size(); ++v) {
    double of_view = 0.0;
    for (const BoardPoint& point : views[v]->points) {
      const LensResidual residual{fit.model, point.on_board_mm, views[v]->circle_radius_mm,
                                  point.in_image_px};
      double miss[2] = {1e6, 1e6};
      residual(fit.camera.data(), fit.poses[v].data(), miss);
      of_view += miss[0] * miss[0] + miss[1] * miss[1];
    }
    sum += of_view;
    count += views[v]->points.size();
    fit.view_rms_px[v] = std::sqrt(of_view / static_cast<double>(views[v]->points.size()));
  }
  fit.rms_px = std::sqrt(sum / static_cast<double>(std::max<std::size_t>(count, 1)));
}

bool solve(const ViewList& views, const SolveOptions& how, const std::stop_token& stop, LensFit& fit) {
  ceres::Problem problem;
  for (std::size_t v = 0; v < views.size(); ++v) {
    for (const BoardPoint& point : views[v]->points) {
      problem.AddResidualBlock(cost_of(point, *views[v], fit.model),
                               how.cauchy_px > 0.0 ? new ceres::CauchyLoss(how.cauchy_px) : nullptr,
                               fit.camera.data(), fit.poses[v].data());
    }
  }
  problem.AddResidualBlock(
      new ceres::AutoDiffCostFunction<DistortionPrior, 5, camera_parameters>(new DistortionPrior(fit.model)),
      nullptr, fit.camera.data());
  std::vector<int> constant;
  if (how.free == Free::focal_only) {
    constant = {2, 3, 4, 5, 6, 7, 8};
  } else if (fit.model == DistortionModel::fisheye) {
    constant = {8};
  }
  if (!constant.empty())
    problem.SetManifold(fit.camera.data(), new ceres::SubsetManifold(camera_parameters, constant));
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_SCHUR;
  options.num_threads = 1;
  options.max_num_iterations = how.iterations;
  options.function_tolerance = 1e-10;
  options.parameter_tolerance = 1e-10;
  options.logging_type = ceres::SILENT;
  options.max_solver_time_in_seconds = 1e9;  // never by the clock
  auto ordering = std::make_shared<ceres::ParameterBlockOrdering>();
  for (PoseVector& pose : fit.poses) ordering->AddElementToGroup(pose.data(), 0);
  ordering->AddElementToGroup(fit.camera.data(), 1);
  options.linear_solver_ordering = ordering;
  struct Stopper final : ceres::IterationCallback {
    const std::stop_token* token = nullptr;
    ceres::CallbackReturnType operator()(const ceres::IterationSummary& /*summary*/) override {
      return token->stop_requested() ? ceres::SOLVER_ABORT : ceres::SOLVER_CONTINUE;
    }
  } stopper;
  stopper.token = &stop;
  options.callbacks.push_back(&stopper);
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);
  fit.cost = summary.final_cost;
  if (!summary.IsSolutionUsable() || !(fit.camera[0] > 0.0) || !(fit.camera[1] > 0.0)) return false;
  measure(views, fit);
  return std::isfinite(fit.rms_px);
}

/// The board's pose from its homography under a camera whose lens is known. Errors: nullopt if the points
/// cannot be undistorted or lie on a line.
std::optional<PoseVector> start_pose(const BoardView& view, const CameraIntrinsics& camera) {
  std::vector<cv::Point2d> on_board;
  std::vector<cv::Point2d> seen;
  for (const BoardPoint& point : view.points) {
    const auto pinhole = camera.undistort(point.in_image_px);
    if (!pinhole) continue;
    on_board.emplace_back(point.on_board_mm.x(), point.on_board_mm.y());
    seen.emplace_back((pinhole->x() - camera.cx_px) / camera.fx_px,
                      (pinhole->y() - camera.cy_px) / camera.fy_px);
  }
  if (seen.size() < 4) return std::nullopt;
  const cv::Mat found = cv::findHomography(on_board, seen);
  if (found.empty()) return std::nullopt;
  Eigen::Matrix3d H;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) H(row, column) = found.at<double>(row, column);
  }
  double scale = 2.0 / (H.col(0).norm() + H.col(1).norm());
  if (!std::isfinite(scale)) return std::nullopt;
  if (H(2, 2) < 0.0) scale = -scale;
  H *= scale;
  Eigen::Matrix3d R;
  R << H.col(0), H.col(1), H.col(0).cross(H.col(1));
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(R, Eigen::ComputeFullU | Eigen::ComputeFullV);
  R = svd.matrixU() * svd.matrixV().transpose();
  if (R.determinant() < 0.0) return std::nullopt;
  const Eigen::AngleAxisd turn(R);
  const Eigen::Vector3d axis = turn.angle() * turn.axis();
  PoseVector pose{axis.x(), axis.y(), axis.z(), H(0, 2), H(1, 2), H(2, 2)};
  if (!std::all_of(pose.begin(), pose.end(), [](double value) { return std::isfinite(value); }))
    return std::nullopt;
  return pose;
}

/// As if the board were seen from straight ahead; for views whose start pose puts a point behind the camera.
bool is_in_front(const BoardView& view, const LensFit& fit, const PoseVector& pose) {
  return std::all_of(view.points.begin(), view.points.end(), [&](const BoardPoint& point) {
    const LensResidual residual{fit.model, point.on_board_mm, view.circle_radius_mm, point.in_image_px};
    double miss[2];
    return residual(fit.camera.data(), pose.data(), miss);
  });
}

std::optional<LensFit> start_with_focal(const ViewList& views, DistortionModel model, double focal_px) {
  LensFit fit;
  fit.model = model;
  const int width = views.front()->width_px;
  const int height = views.front()->height_px;
  fit.camera = {focal_px, focal_px, (width - 1) / 2.0, (height - 1) / 2.0, 0, 0, 0, 0, 0};
  const CameraIntrinsics camera = fit.intrinsics(width, height);
  for (const BoardView* view : views) {
    const auto pose = start_pose(*view, camera);
    if (!pose || !is_in_front(*view, fit, *pose)) return std::nullopt;
    fit.poses.push_back(*pose);
  }
  return fit;
}

}  // namespace

CameraIntrinsics LensFit::intrinsics(int width_px, int height_px) const {
  CameraIntrinsics out;
  out.fx_px = camera[0];
  out.fy_px = camera[1];
  out.cx_px = camera[2];
  out.cy_px = camera[3];
  out.width_px = width_px;
  out.height_px = height_px;
  out.distortion_model = model;
  std::copy_n(camera.begin() + 4, 5, out.distortion.begin());
  return out;
}

std::optional<LensFit> fit_lens_from_scratch(const ViewList& views, DistortionModel model,
                                             const std::stop_token& stop) {
  const double side = std::max(views.front()->width_px, views.front()->height_px);
  constexpr std::array<double, 7> focal_shares{0.25, 0.4, 0.6, 0.9, 1.3, 2.0, 3.2};
  std::vector<LensFit> starts;
  for (const double share : focal_shares) {
    auto fit = start_with_focal(views, model, share * side);
    if (!fit) continue;
    if (!solve(views, {Free::focal_only, 5.0, 25}, stop, *fit) || stop.stop_requested()) continue;
    starts.push_back(std::move(*fit));
  }
  std::stable_sort(starts.begin(), starts.end(),
                   [](const LensFit& a, const LensFit& b) { return a.cost < b.cost; });
  constexpr std::size_t followed = 3;
  if (starts.size() > followed) starts.resize(followed);
  std::optional<LensFit> best;
  for (LensFit& start : starts) {
    if (!solve(views, {Free::lens, 1.0, 100}, stop, start) || stop.stop_requested()) continue;
    if (!best || start.cost < best->cost) best = std::move(start);
  }
  return best;
}

std::optional<LensFit> refine_lens(const ViewList& views, const LensFit& start, const std::stop_token& stop) {
  YARBUS_CHECK_OP(views.size(), ==, start.poses.size());
  LensFit fit = start;
  if (!solve(views, {Free::lens, 0.0, 100}, stop, fit) || stop.stop_requested()) return std::nullopt;
  return fit;
}

double left_out_error_px(const BoardView& view, const LensFit& camera, const PoseVector& start) {
  PoseVector pose = start;
  CameraVector fixed = camera.camera;
  ceres::Problem problem;
  for (const BoardPoint& point : view.points)
    problem.AddResidualBlock(cost_of(point, view, camera.model), nullptr, fixed.data(), pose.data());
  problem.SetParameterBlockConstant(fixed.data());
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.num_threads = 1;
  options.max_solver_time_in_seconds = 1e9;
  options.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);
  return std::sqrt(2.0 * summary.final_cost / static_cast<double>(view.points.size()));
}

std::vector<Eigen::Vector2d> reprojected_px(const BoardView& view, const LensFit& fit, std::size_t index) {
  std::vector<Eigen::Vector2d> points;
  for (const BoardPoint& point : view.points) {
    const LensResidual residual{fit.model, point.on_board_mm, view.circle_radius_mm, point.in_image_px};
    double miss[2] = {0.0, 0.0};
    residual(fit.camera.data(), fit.poses[index].data(), miss);
    points.push_back(point.in_image_px + Eigen::Vector2d(miss[0], miss[1]));
  }
  return points;
}

CameraVector standard_deviations(const ViewList& views, const LensFit& fit) {
  using CameraMatrix = Eigen::Matrix<double, camera_parameters, camera_parameters>;
  using PoseMatrix = Eigen::Matrix<double, pose_parameters, pose_parameters>;
  CameraMatrix information = CameraMatrix::Zero();
  double squares = 0.0;
  int residuals = 0;
  for (std::size_t v = 0; v < views.size(); ++v) {
    PoseMatrix by_pose = PoseMatrix::Zero();
    Eigen::Matrix<double, camera_parameters, pose_parameters> mixed =
        Eigen::Matrix<double, camera_parameters, pose_parameters>::Zero();
    for (const BoardPoint& point : views[v]->points) {
      const std::unique_ptr<PointCost> cost(cost_of(point, *views[v], fit.model));
      Eigen::Matrix<double, 2, camera_parameters, Eigen::RowMajor> J_camera;
      Eigen::Matrix<double, 2, pose_parameters, Eigen::RowMajor> J_pose;
      Eigen::Vector2d miss;
      const double* parameters[2] = {fit.camera.data(), fit.poses[v].data()};
      double* jacobians[2] = {J_camera.data(), J_pose.data()};
      if (!cost->Evaluate(parameters, miss.data(), jacobians)) continue;
      information += J_camera.transpose() * J_camera;
      mixed += J_camera.transpose() * J_pose;
      by_pose += J_pose.transpose() * J_pose;
      squares += miss.squaredNorm();
      residuals += 2;
    }
    information -= mixed * by_pose.ldlt().solve(mixed.transpose());
  }
  CameraVector sigmas;
  sigmas.fill(std::numeric_limits<double>::quiet_NaN());
  const DistortionPrior prior(fit.model);
  for (int i = 0; i < 5; ++i)
    information(4 + i, 4 + i) += std::pow(prior.weights[static_cast<std::size_t>(i)], 2);
  const int unknowns = camera_parameters + pose_parameters * static_cast<int>(views.size());
  if (residuals <= unknowns) return sigmas;
  // Scaled to ones on the diagonal, so that the condition says what is determined.
  const Eigen::Matrix<double, camera_parameters, 1> scale =
      information.diagonal().cwiseMax(1e-300).cwiseSqrt();
  const CameraMatrix scaled =
      scale.cwiseInverse().asDiagonal() * information * scale.cwiseInverse().asDiagonal();
  const Eigen::SelfAdjointEigenSolver<CameraMatrix> eigen(scaled);
  if (!(eigen.eigenvalues()[0] > 1e-13)) return sigmas;
  const double variance = squares / (residuals - unknowns);
  const CameraMatrix covariance = scaled.inverse();
  for (int i = 0; i < camera_parameters; ++i)
    sigmas[static_cast<std::size_t>(i)] = std::sqrt(std::max(0.0, variance * covariance(i, i))) / scale[i];
  return sigmas;
}

}  // namespace yarbus
