#include "calibration/mapping/geometric_problem.h"

#include <cmath>

#include <Eigen/Cholesky>
#include <ceres/autodiff_cost_function.h>
#include <ceres/crs_matrix.h>
#include <ceres/loss_function.h>
#include <ceres/solver.h>

#include "eyemodel/types/angle.h"

namespace yarbus {
namespace {

using geometric_model::CameraStart;
using geometric_model::Vector2;
using geometric_model::Vector3;

constexpr std::array<EyeSide, 2> both_sides{EyeSide::right, EyeSide::left};

/// One eye's fixation of one target.
struct SeenTarget {
  EyeSide side;
  CameraStart start;
  Eigen::Vector3d eye_center_in_cam_mm;
  Eigen::Vector3d optical_axis_in_cam;
  Eigen::Vector2d target_in_screen_mm;

  template <class T>
  Vector2<T> residual(const T* kappa, const T* pose) const {
    const auto line =
        geometric_model::line_of_sight(kappa, pose, start, side, eye_center_in_cam_mm, optical_axis_in_cam);
    const Eigen::Vector3d target(target_in_screen_mm[0], target_in_screen_mm[1], 0.0);
    Vector3<T> to_target = target.cast<T>() - line.origin_in_screen_mm;
    to_target /= to_target.norm();
    return geometric_model::angle_from(to_target, line.direction_in_screen);
  }
};

/// Whitened angles of one eye.
struct OneEyeCost {
  SeenTarget seen;
  Eigen::Matrix2d whitening;
  template <class T>
  bool operator()(const T* kappa, const T* pose, T* residuals) const {
    Eigen::Map<Vector2<T>> whitened(residuals);
    whitened = whitening.cast<T>() * seen.residual(kappa, pose);
    return true;
  }
};

/// Whitened angles of both eyes, whose errors go together in part.
struct TwoEyesCost {
  SeenTarget right;
  SeenTarget left;
  Eigen::Matrix4d whitening;
  template <class T>
  bool operator()(const T* kappa_right, const T* kappa_left, const T* pose_right, const T* pose_left,
                  T* residuals) const {
    Eigen::Matrix<T, 4, 1> angles;
    angles << right.residual(kappa_right, pose_right), left.residual(kappa_left, pose_left);
    Eigen::Map<Eigen::Matrix<T, 4, 1>> whitened(residuals);
    whitened = whitening.cast<T>() * angles;
    return true;
  }
  template <class T>
  bool operator()(const T* kappa_right, const T* kappa_left, const T* pose, T* residuals) const {
    return (*this)(kappa_right, kappa_left, pose, pose, residuals);
  }
};

struct KappaPrior {
  Eigen::Vector2d mean_rad;
  Eigen::Vector2d sigma_rad;
  template <class T>
  bool operator()(const T* kappa, T* residuals) const {
    for (int i = 0; i < 2; ++i) residuals[i] = (kappa[i] - mean_rad[i]) / sigma_rad[i];
    return true;
  }
};

/// Where the eye is before the screen, and that its camera looks at the wearer.
struct PlacePrior {
  Eigen::Vector3d mean_mm;
  Eigen::Vector3d sigma_mm;
  Eigen::Vector3d camera_axis_at_start;
  double facing_sigma_rad;
  template <class T>
  bool operator()(const T* pose, T* residuals) const {
    for (int i = 0; i < 3; ++i) residuals[i] = (pose[3 + i] - mean_mm[i]) / sigma_mm[i];
    const Vector3<T> axis = camera_axis_at_start.cast<T>();
    Vector3<T> turned;
    ceres::AngleAxisRotatePoint(pose, axis.data(), turned.data());
    const Vector3<T> facing(T(0.0), T(0.0), T(-1.0));
    Eigen::Map<Vector2<T>> off(residuals + 3);
    off = geometric_model::angle_from(facing, turned) / T(facing_sigma_rad);
    return true;
  }
};

struct InterpupillaryPrior {
  Eigen::Vector3d right_from_left_mm;
  Eigen::Vector3d sigma_mm;
  template <class T>
  bool operator()(const T* right, const T* left, T* residuals) const {
    for (int i = 0; i < 3; ++i)
      residuals[i] = (right[3 + i] - left[3 + i] - right_from_left_mm[i]) / sigma_mm[i];
    return true;
  }
};

template <int N>
Eigen::Matrix<double, N, N> whitening_of(const Eigen::Matrix<double, N, N>& covariance) {
  const Eigen::LLT<Eigen::Matrix<double, N, N>> cholesky(covariance);
  return cholesky.matrixL().solve(Eigen::Matrix<double, N, N>::Identity());
}

SeenTarget seen_by(const GeometricState& state, const Fixation& fixation, std::size_t eye) {
  const EyeFixation& of = *fixation.eyes[eye];
  return {both_sides[eye], state.start[static_cast<std::size_t>(state.camera[eye])], of.eye_center_in_cam_mm,
          of.optical_axis_in_cam, fixation.target_in_screen_mm};
}

/// Of a target's mean about the target: the samples' noise and the scatter.
Eigen::Matrix2d mean_covariance(const GeometricState& state, const Fixation& fixation, std::size_t eye) {
  const auto camera = static_cast<std::size_t>(state.camera[eye]);
  const Eigen::Matrix<double, 3, 2> basis =
      geometric_model::tangents<double>(state.target_direction(fixation, eye));
  const Eigen::Matrix3d& turn = state.start[camera].screen_from_cam_rotation;
  const Eigen::Matrix3d in_screen = turn * fixation.eyes[eye]->mean_covariance_in_cam * turn.transpose();
  return basis.transpose() * in_screen * basis +
         state.scatter_rad[eye] * state.scatter_rad[eye] * Eigen::Matrix2d::Identity();
}

}  // namespace

void GeometricState::absorb_turns() {
  for (std::size_t i = 0; i < 2; ++i) {
    Eigen::Matrix3d turn;
    ceres::AngleAxisToRotationMatrix(pose[i].data(), turn.data());
    start[i].screen_from_cam_rotation = turn * start[i].screen_from_cam_rotation;
    for (std::size_t k = 0; k < 3; ++k) pose[i][k] = 0.0;
  }
}

Eigen::Vector3d GeometricState::target_direction(const Fixation& fixation, std::size_t eye) const {
  const auto at = static_cast<std::size_t>(camera[eye]);
  const auto line = geometric_model::line_of_sight(kappa_rad[eye].data(), pose[at].data(), start[at],
                                                   both_sides[eye], fixation.eyes[eye]->eye_center_in_cam_mm,
                                                   fixation.eyes[eye]->optical_axis_in_cam);
  const Eigen::Vector3d target(fixation.target_in_screen_mm[0], fixation.target_in_screen_mm[1], 0.0);
  return (target - line.origin_in_screen_mm).normalized();
}

Eigen::Vector2d GeometricState::residual_rad(const Fixation& fixation, std::size_t eye) const {
  const auto at = static_cast<std::size_t>(camera[eye]);
  return seen_by(*this, fixation, eye).residual(kappa_rad[eye].data(), pose[at].data());
}

GeometricProblem::GeometricProblem(std::span<const Fixation> fixations, const UsedEyes& used,
                                   const ScreenGeometry& screen, const GeometricOptions& options,
                                   TargetLoss loss, GeometricState& state)
    : state_(state) {
  add_targets(fixations, used, loss);
  add_priors(screen, options);
}

void GeometricProblem::add_targets(std::span<const Fixation> fixations, const UsedEyes& used,
                                   TargetLoss kind) {
  const auto loss = [&]() -> ceres::LossFunction* {
    if (kind == TargetLoss::cauchy) return new ceres::CauchyLoss(2.0);
    return new ceres::HuberLoss(3.0);
  };
  const auto pose_of = [&](std::size_t eye) {
    return state_.pose[static_cast<std::size_t>(state_.camera[eye])].data();
  };
  for (std::size_t i = 0; i < fixations.size(); ++i) {
    const Fixation& fixation = fixations[i];
    if (used[i][0] && used[i][1]) {
      Eigen::Matrix4d covariance = Eigen::Matrix4d::Zero();
      covariance.topLeftCorner<2, 2>() = mean_covariance(state_, fixation, 0);
      covariance.bottomRightCorner<2, 2>() = mean_covariance(state_, fixation, 1);
      const double common = state_.scatter_correlation * state_.scatter_rad[0] * state_.scatter_rad[1];
      covariance.topRightCorner<2, 2>() = common * Eigen::Matrix2d::Identity();
      covariance.bottomLeftCorner<2, 2>() = common * Eigen::Matrix2d::Identity();
      auto* cost = new TwoEyesCost{seen_by(state_, fixation, 0), seen_by(state_, fixation, 1),
                                   whitening_of<4>(covariance)};
      double* const kappa_right = state_.kappa_rad[0].data();
      double* const kappa_left = state_.kappa_rad[1].data();
      if (state_.camera[0] == state_.camera[1]) {
        targets_.push_back(
            problem_.AddResidualBlock(new ceres::AutoDiffCostFunction<TwoEyesCost, 4, 2, 2, 6>(cost), loss(),
                                      kappa_right, kappa_left, pose_of(0)));
      } else {
        targets_.push_back(
            problem_.AddResidualBlock(new ceres::AutoDiffCostFunction<TwoEyesCost, 4, 2, 2, 6, 6>(cost),
                                      loss(), kappa_right, kappa_left, pose_of(0), pose_of(1)));
      }
      continue;
    }
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (!used[i][eye]) continue;
      auto* cost = new OneEyeCost{seen_by(state_, fixation, eye),
                                  whitening_of<2>(mean_covariance(state_, fixation, eye))};
      targets_.push_back(problem_.AddResidualBlock(new ceres::AutoDiffCostFunction<OneEyeCost, 2, 2, 6>(cost),
                                                   loss(), state_.kappa_rad[eye].data(), pose_of(eye)));
    }
  }
}

void GeometricProblem::add_priors(const ScreenGeometry& screen, const GeometricOptions& options) {
  const Eigen::Vector2d kappa = rad_per_deg * Eigen::Vector2d(options.kappa_nasal_deg, options.kappa_up_deg);
  const Eigen::Vector2d kappa_sigma =
      rad_per_deg * Eigen::Vector2d(options.kappa_nasal_sigma_deg, options.kappa_up_sigma_deg);
  const double distance_mm = screen.viewing_distance_mm;
  const bool two_cameras = state_.has_eye[0] && state_.has_eye[1] && state_.camera[0] != state_.camera[1];
  std::array<bool, 2> camera_done{};
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (!state_.has_eye[eye]) continue;
    priors_.push_back(problem_.AddResidualBlock(
        new ceres::AutoDiffCostFunction<KappaPrior, 2, 2>(new KappaPrior{kappa, kappa_sigma}), nullptr,
        state_.kappa_rad[eye].data()));
    const auto camera = static_cast<std::size_t>(state_.camera[eye]);
    if (camera_done[camera]) continue;
    camera_done[camera] = true;
    const bool sees_both = state_.has_eye[0] && state_.has_eye[1] && !two_cameras;
    const double beside_mm = sees_both ? 0.0 : (eye == 0 ? 0.5 : -0.5) * options.interpupillary_mm;
    const Eigen::Vector3d place(0.5 * screen.width_mm + beside_mm, 0.5 * screen.height_mm, -distance_mm);
    const Eigen::Vector3d place_sigma(options.eye_across_sigma_mm, options.eye_height_sigma_mm,
                                      options.distance_sigma_share * distance_mm);
    priors_.push_back(problem_.AddResidualBlock(
        new ceres::AutoDiffCostFunction<PlacePrior, 5, 6>(new PlacePrior{
            place, place_sigma, state_.start[camera].screen_from_cam_rotation * Eigen::Vector3d::UnitZ(),
            options.facing_sigma_deg * rad_per_deg}),
        nullptr, state_.pose[camera].data()));
  }
  if (two_cameras) {
    // A head turned or tilted by some 12 degrees puts the eyes 13 mm apart in depth or height.
    const Eigen::Vector3d sigma(options.interpupillary_sigma_mm, 13.0, 13.0);
    priors_.push_back(problem_.AddResidualBlock(
        new ceres::AutoDiffCostFunction<InterpupillaryPrior, 3, 6, 6>(
            new InterpupillaryPrior{Eigen::Vector3d(options.interpupillary_mm, 0.0, 0.0), sigma}),
        nullptr, state_.pose[static_cast<std::size_t>(state_.camera[0])].data(),
        state_.pose[static_cast<std::size_t>(state_.camera[1])].data()));
  }
}

bool GeometricProblem::solve() {
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.max_num_iterations = 60;
  options.function_tolerance = 1e-12;
  options.parameter_tolerance = 1e-10;
  options.num_threads = 1;
  options.logging_type = ceres::SILENT;
  options.max_solver_time_in_seconds = 1e9;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem_, &summary);
  bool finite = true;
  for (const auto& pose : state_.pose)
    for (const double value : pose) finite = finite && std::isfinite(value);
  return finite && summary.IsSolutionUsable();
}

GeometricCovariance GeometricProblem::information(const std::vector<ceres::ResidualBlockId>& blocks) {
  ceres::Problem::EvaluateOptions options;
  options.residual_blocks = blocks;
  std::vector<int> first_columns;
  const auto add = [&](double* block, int column) {
    if (!problem_.HasParameterBlock(block)) return;
    options.parameter_blocks.push_back(block);
    for (int k = 0; k < problem_.ParameterBlockSize(block); ++k) first_columns.push_back(column + k);
  };
  for (std::size_t i = 0; i < 2; ++i) add(state_.kappa_rad[i].data(), 2 * static_cast<int>(i));
  for (std::size_t i = 0; i < 2; ++i) add(state_.pose[i].data(), 4 + 6 * static_cast<int>(i));
  ceres::CRSMatrix sparse;
  problem_.Evaluate(options, nullptr, nullptr, nullptr, &sparse);
  Eigen::Matrix<double, Eigen::Dynamic, geometric_parameters> dense =
      Eigen::Matrix<double, Eigen::Dynamic, geometric_parameters>::Zero(sparse.num_rows,
                                                                        geometric_parameters);
  for (int row = 0; row < sparse.num_rows; ++row) {
    for (int k = sparse.rows[static_cast<std::size_t>(row)];
         k < sparse.rows[static_cast<std::size_t>(row) + 1]; ++k) {
      const auto at = static_cast<std::size_t>(k);
      dense(row, first_columns[static_cast<std::size_t>(sparse.cols[at])]) = sparse.values[at];
    }
  }
  return dense.transpose() * dense;
}

GeometricCovariance GeometricProblem::target_information() { return information(targets_); }
GeometricCovariance GeometricProblem::prior_information() { return information(priors_); }

}  // namespace yarbus
