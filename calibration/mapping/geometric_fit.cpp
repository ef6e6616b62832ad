#include "calibration/mapping/geometric_fit.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <Eigen/SVD>

#include "calibration/mapping/geometric_problem.h"
#include "eyemodel/types/angle.h"
#include "eyemodel/types/options.h"

namespace yarbus {
namespace {

constexpr std::array<EyeSide, 2> sides{EyeSide::right, EyeSide::left};
constexpr double residual_median_per_sigma = 1.1774;
/// A target this far out, in robust standard deviations and in degrees at least, is left out.
constexpr double outlier_sigmas = 4.5;
constexpr double outlier_deg = 0.8;
/// All targets within so much of each other are one point.
constexpr double least_spread_deg = 2.0;
constexpr double least_scatter_deg = 0.003;
/// The eyes' scatter is taken to go together by so much, as strongly as so many targets would say it.
constexpr double expected_correlation = 0.5;
constexpr double expected_correlation_weight = 4.0;

bool sees_both(const GeometricState& state) {
  return state.has_eye[0] && state.has_eye[1] && state.camera[0] == state.camera[1];
}

/// Turns and places from the directions alone: the rotation that carries the mean axes to where they should
/// point, with the eye where it is expected (Kabsch 1976).
void start_cameras(std::span<const Fixation> fixations, const UsedEyes& used, const ScreenGeometry& screen,
                   const GeometricOptions& options, GeometricState& state) {
  for (std::size_t eye = 0; eye < 2; ++eye)
    state.kappa_rad[eye] = {options.kappa_nasal_deg * rad_per_deg, options.kappa_up_deg * rad_per_deg};
  for (std::size_t camera = 0; camera < 2; ++camera) {
    Eigen::Matrix3d correlation = Eigen::Matrix3d::Zero();
    Eigen::Vector3d reference = Eigen::Vector3d::Zero();
    double count = 0.0;
    Eigen::Vector3d place(0.5 * screen.width_mm, 0.5 * screen.height_mm, -screen.viewing_distance_mm);
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (!state.has_eye[eye] || static_cast<std::size_t>(state.camera[eye]) != camera) continue;
      if (!sees_both(state)) place[0] += (eye == 0 ? 0.5 : -0.5) * options.interpupillary_mm;
      const Eigen::Vector3d visual =
          geometric_model::visual_axis_in_eye(state.kappa_rad[eye].data(), sides[eye]);
      for (std::size_t i = 0; i < fixations.size(); ++i) {
        if (!used[i][eye]) continue;
        const Eigen::Vector3d target(fixations[i].target_in_screen_mm[0], fixations[i].target_in_screen_mm[1],
                                     0.0);
        const Eigen::Vector3d to_target = (target - place).normalized();
        const Eigen::Vector3d optical = (to_target - (visual - Eigen::Vector3d::UnitZ())).normalized();
        correlation += optical * fixations[i].eyes[eye]->optical_axis_in_cam.transpose();
        reference += fixations[i].eyes[eye]->eye_center_in_cam_mm;
        count += 1.0;
      }
    }
    if (count == 0.0) continue;
    const Eigen::JacobiSVD<Eigen::Matrix3d> svd(correlation, Eigen::ComputeFullU | Eigen::ComputeFullV);
    Eigen::Vector3d signs(1.0, 1.0, (svd.matrixU() * svd.matrixV().transpose()).determinant());
    state.start[camera].screen_from_cam_rotation =
        svd.matrixU() * signs.asDiagonal() * svd.matrixV().transpose();
    state.start[camera].reference_in_cam_mm = reference / count;
    state.pose[camera] = {0.0, 0.0, 0.0, place[0], place[1], place[2]};
  }
}

void start_from(const GeometricFit& fit, GeometricState& state) {
  for (std::size_t i = 0; i < 2; ++i) {
    if (fit.eyes[i]) {
      state.kappa_rad[i] = {fit.eyes[i]->kappa_rad[0], fit.eyes[i]->kappa_rad[1]};
      state.scatter_rad[i] = fit.eyes[i]->scatter_rad;
    }
    state.start[i] = {fit.cameras[i].screen_from_cam_rotation, fit.cameras[i].reference_in_cam_mm};
    const Eigen::Vector3d& place = fit.cameras[i].reference_in_screen_mm;
    state.pose[i] = {0.0, 0.0, 0.0, place[0], place[1], place[2]};
  }
  state.scatter_correlation = fit.scatter_correlation;
}

int count_used(const UsedEyes& used, std::size_t eye) {
  return static_cast<int>(
      std::count_if(used.begin(), used.end(), [&](const auto& eyes) { return eyes[eye]; }));
}

/// Leaves out the targets that fit nowhere, the worst first.
std::vector<LeftOutTarget> leave_out(std::span<const Fixation> fixations, const GeometricState& state,
                                     UsedEyes& used) {
  std::vector<LeftOutTarget> left_out;
  for (std::size_t eye = 0; eye < 2; ++eye) {
    struct Residual {
      std::size_t index;
      double rad;
    };
    std::vector<Residual> residuals;
    for (std::size_t i = 0; i < fixations.size(); ++i) {
      if (used[i][eye]) residuals.push_back({i, state.residual_rad(fixations[i], eye).norm()});
    }
    if (residuals.size() < 5) continue;  // too few to tell which one is wrong
    std::sort(residuals.begin(), residuals.end(), [](auto a, auto b) { return a.rad > b.rad; });
    const double sigma = residuals[residuals.size() / 2].rad / residual_median_per_sigma;
    const double reach = std::max(outlier_sigmas * sigma, outlier_deg * rad_per_deg);
    for (std::size_t k = 0; k < residuals.size() / 3 && residuals[k].rad > reach; ++k) {
      used[residuals[k].index][eye] = false;
      left_out.push_back({fixations[residuals[k].index].target, sides[eye], residuals[k].rad / rad_per_deg});
    }
  }
  return left_out;
}

/// Scatter per eye, its correlation and how many residuals it rests on.
std::array<double, 2> measure_scatter(std::span<const Fixation> fixations, const UsedEyes& used,
                                      double parameters_used, const GeometricOptions& options,
                                      GeometricState& state) {
  const int total = 2 * (count_used(used, 0) + count_used(used, 1));
  const double share = std::max(0.1, 1.0 - parameters_used / total);
  const double prior = options.scatter_deg * rad_per_deg;
  std::array<double, 2> degrees{};
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (!state.has_eye[eye]) continue;
    double squares = options.scatter_prior_weight * prior * prior;
    double noise = 0.0;
    degrees[eye] = options.scatter_prior_weight + 2.0 * count_used(used, eye) * share;
    for (std::size_t i = 0; i < fixations.size(); ++i) {
      if (!used[i][eye]) continue;
      squares += state.residual_rad(fixations[i], eye).squaredNorm();
      noise += share * fixations[i].eyes[eye]->mean_covariance_in_cam.trace();
    }
    const double least = least_scatter_deg * rad_per_deg;
    state.scatter_rad[eye] = std::sqrt(std::max(least * least, (squares - noise) / degrees[eye]));
  }
  double both =
      expected_correlation_weight * expected_correlation * state.scatter_rad[0] * state.scatter_rad[1];
  double own = expected_correlation_weight * state.scatter_rad[0] * state.scatter_rad[1];
  for (std::size_t i = 0; i < fixations.size(); ++i) {
    if (!used[i][0] || !used[i][1]) continue;
    const Eigen::Vector2d right = state.residual_rad(fixations[i], 0);
    const Eigen::Vector2d left = state.residual_rad(fixations[i], 1);
    both += 0.5 * right.dot(left);
    own += 0.25 * (right.squaredNorm() + left.squaredNorm());
  }
  state.scatter_correlation = own > 0.0 ? std::clamp(both / own, -0.9, 0.9) : 0.0;
  return degrees;
}

/// The inverse where there is something to invert.
GeometricCovariance inverse_of_present(const GeometricCovariance& information) {
  std::vector<int> present;
  for (int i = 0; i < geometric_parameters; ++i) {
    if (information(i, i) > 0.0) present.push_back(i);
  }
  const Eigen::MatrixXd part = information(present, present);
  // In units of each parameter's own sureness, so that rad and mm go together.
  const Eigen::VectorXd scale = part.diagonal().cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd scaled = scale.asDiagonal() * part * scale.asDiagonal();
  const Eigen::MatrixXd inverse = scaled.ldlt().solve(Eigen::MatrixXd::Identity(part.rows(), part.cols()));
  GeometricCovariance covariance = GeometricCovariance::Zero();
  covariance(present, present) = scale.asDiagonal() * inverse * scale.asDiagonal();
  return 0.5 * (covariance + covariance.transpose());
}

void name_parameters(const GeometricState& state, const GeometricOptions& options,
                     const ScreenGeometry& screen, GeometricFit& fit) {
  const auto add = [&](std::string name, int column, double value, double prior, bool is_angle) {
    const double unit = is_angle ? 1.0 / rad_per_deg : 1.0;
    const double sigma = std::sqrt(std::max(0.0, fit.covariance(column, column))) * unit;
    fit.parameters.push_back({std::move(name), is_angle ? "deg" : "mm", value * unit, sigma, prior,
                              sigma * sigma < 0.5 * prior * prior});
  };
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (!state.has_eye[eye]) continue;
    const std::string of = std::string(", ") + to_string(sides[eye]) + " eye";
    const int column = 2 * static_cast<int>(eye);
    add("kappa nasal" + of, column, state.kappa_rad[eye][0], options.kappa_nasal_sigma_deg, true);
    add("kappa up" + of, column + 1, state.kappa_rad[eye][1], options.kappa_up_sigma_deg, true);
  }
  for (std::size_t camera = 0; camera < 2; ++camera) {
    std::string of;
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (state.has_eye[eye] && static_cast<std::size_t>(state.camera[eye]) == camera)
        of = std::string(", ") + to_string(sides[eye]) + " camera";
    }
    if (of.empty()) continue;
    if (sees_both(state)) of = ", camera";
    const int column = 4 + 6 * static_cast<int>(camera);
    const Eigen::Matrix3d& turn = state.start[camera].screen_from_cam_rotation;
    const Eigen::Vector3d& place = fit.cameras[camera].reference_in_screen_mm;
    const double tilt = std::atan2(turn(1, 2), -turn(2, 2));
    const double pan = std::atan2(turn(0, 2), -turn(2, 2));
    const double roll = std::atan2(turn(1, 0), -turn(0, 0));
    add("tilt" + of, column, tilt, options.facing_sigma_deg, true);
    add("pan" + of, column + 1, pan, options.facing_sigma_deg, true);
    add("roll" + of, column + 2, roll, 180.0 / std::sqrt(3.0), true);
    add("eye across the screen" + of, column + 3, place[0], options.eye_across_sigma_mm, false);
    add("eye height" + of, column + 4, place[1], options.eye_height_sigma_mm, false);
    add("viewing distance" + of, column + 5, -place[2],
        options.distance_sigma_share * screen.viewing_distance_mm, false);
  }
}

/// Which eyes can be fitted, and with which targets. Errors: input_empty, saying why no eye can.
Result<UsedEyes> use_eyes(std::span<const Fixation> fixations, const ScreenGeometry& screen,
                          const GeometricOptions& options, int min_targets, GeometricState& state) {
  const Eigen::Vector3d middle(0.5 * screen.width_mm, 0.5 * screen.height_mm, -screen.viewing_distance_mm);
  UsedEyes used(fixations.size());
  for (std::size_t eye = 0; eye < 2; ++eye) {
    std::vector<Fixation> seen;
    for (const Fixation& fixation : fixations) {
      if (fixation.eyes[eye]) seen.push_back(fixation);
    }
    state.has_eye[eye] = static_cast<int>(seen.size()) >= min_targets &&
                         target_spread_rad(seen, middle) > least_spread_deg * rad_per_deg;
    state.camera[eye] = options.one_camera ? 0 : static_cast<int>(eye);
    state.scatter_rad[eye] = 0.5 * rad_per_deg;
    for (std::size_t i = 0; i < fixations.size(); ++i)
      used[i][eye] = state.has_eye[eye] && fixations[i].eyes[eye].has_value();
  }
  if (!state.has_eye[0] && !state.has_eye[1]) {
    const bool too_few = static_cast<int>(fixations.size()) < min_targets;
    const bool one_point = target_spread_rad(fixations, middle) <= least_spread_deg * rad_per_deg;
    std::string what = "neither eye was seen at " + std::to_string(min_targets) + " targets";
    if (too_few) {
      what = "only " + std::to_string(fixations.size()) + " targets were looked at; at least " +
             std::to_string(min_targets) + " are needed";
    } else if (one_point) {
      what = "all samples are at one point";
    }
    return Error{ErrorCode::input_empty, what, "calibration", "Look at targets spread over the screen"};
  }
  return used;
}

/// What the state says, in the fit's terms.
void describe(std::span<const Fixation> fixations, const UsedEyes& used, const GeometricState& state,
              const std::array<double, 2>& degrees, GeometricFit& fit) {
  double squares = 0.0;
  for (std::size_t i = 0; i < 2; ++i) {
    fit.cameras[i] = {state.start[i].screen_from_cam_rotation, state.start[i].reference_in_cam_mm,
                      Eigen::Vector3d(state.pose[i][3], state.pose[i][4], state.pose[i][5])};
  }
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (!state.has_eye[eye]) continue;
    Eigen::Vector3d center = Eigen::Vector3d::Zero();
    for (std::size_t i = 0; i < fixations.size(); ++i) {
      if (!used[i][eye]) continue;
      squares += state.residual_rad(fixations[i], eye).squaredNorm();
      center += fixations[i].eyes[eye]->eye_center_in_cam_mm / count_used(used, eye);
    }
    const auto camera = static_cast<std::size_t>(state.camera[eye]);
    fit.eyes[eye] = FittedEye{{state.kappa_rad[eye][0], state.kappa_rad[eye][1]},
                              state.camera[eye],
                              fit.cameras[camera].screen_from_cam().point(center),
                              state.scatter_rad[eye],
                              student_factor(degrees[eye])};
  }
  fit.scatter_correlation = state.scatter_correlation;
  fit.rms_deg = std::sqrt(squares / (2.0 * (count_used(used, 0) + count_used(used, 1)))) / rad_per_deg;
}

}  // namespace

Result<void> GeometricOptions::validate() const {
  using Field = OptionField<GeometricOptions>;
  static const std::array fields{
      Field{"kappa_nasal_deg", &GeometricOptions::kappa_nasal_deg, -15.0, 15.0, "expected kappa, nasal"},
      Field{"kappa_nasal_sigma_deg", &GeometricOptions::kappa_nasal_sigma_deg, 0.01, 20.0, "its spread"},
      Field{"kappa_up_deg", &GeometricOptions::kappa_up_deg, -15.0, 15.0, "expected kappa, up"},
      Field{"kappa_up_sigma_deg", &GeometricOptions::kappa_up_sigma_deg, 0.01, 20.0, "its spread"},
      Field{"distance_sigma_share", &GeometricOptions::distance_sigma_share, 0.001, 1.0, "of the distance"},
      Field{"eye_across_sigma_mm", &GeometricOptions::eye_across_sigma_mm, 0.1, 2000.0, "from the middle"},
      Field{"eye_height_sigma_mm", &GeometricOptions::eye_height_sigma_mm, 0.1, 2000.0, "from the middle"},
      Field{"interpupillary_mm", &GeometricOptions::interpupillary_mm, 30.0, 90.0, "between the eyes"},
      Field{"interpupillary_sigma_mm", &GeometricOptions::interpupillary_sigma_mm, 0.1, 30.0, "its spread"},
      Field{"facing_sigma_deg", &GeometricOptions::facing_sigma_deg, 1.0, 180.0, "of the camera's axis"},
      Field{"scatter_deg", &GeometricOptions::scatter_deg, 0.0, 5.0, "expected residual of a target"},
      Field{"scatter_prior_weight", &GeometricOptions::scatter_prior_weight, 0.1, 100.0, "in residuals"},
  };
  return validate_options(*this, std::span<const Field>(fields), "geometric mapper");
}

std::vector<std::string> GeometricFit::from_priors() const {
  std::vector<std::string> names;
  for (const FittedParameter& parameter : parameters) {
    if (!parameter.from_data) names.push_back(parameter.name);
  }
  return names;
}

std::optional<Eigen::Vector3d> GeometricFit::eye_in_screen_mm(EyeSide side) const {
  const auto& fitted = eye(side);
  if (!fitted) return std::nullopt;
  return fitted->center_in_screen_mm;
}

std::array<int, 8> parameter_columns(EyeSide side, int camera) {
  const int kappa = 2 * static_cast<int>(side);
  const int pose = 4 + 6 * camera;
  return {kappa, kappa + 1, pose, pose + 1, pose + 2, pose + 3, pose + 4, pose + 5};
}

double student_factor(double degrees) {
  return degrees * (std::pow(0.32, -2.0 / degrees) - 1.0) / (-2.0 * std::log(0.32));
}

Result<GeometricFit> fit_geometric(std::span<const Fixation> fixations, const ScreenGeometry& screen,
                                   const GeometricOptions& options, const GeometricFit* start,
                                   int min_targets) {
  if (const auto valid = options.validate(); !valid) return valid.error();
  if (!(screen.width_mm > 0.0) || !(screen.height_mm > 0.0) || !(screen.viewing_distance_mm > 0.0) ||
      !std::isfinite(screen.width_mm + screen.height_mm + screen.viewing_distance_mm)) {
    return Error{ErrorCode::invalid_option, "the screen's size and distance must be positive", "screen",
                 "Give width, height and viewing distance in millimetres"};
  }
  GeometricState state;
  auto usable = use_eyes(fixations, screen, options, min_targets, state);
  if (!usable) return usable.error();
  UsedEyes& used = *usable;
  GeometricFit fit;
  const int rounds = start != nullptr ? 1 : 4;
  if (start != nullptr) {
    start_from(*start, state);
    fit.left_out = start->left_out;
    for (const LeftOutTarget& target : start->left_out) {
      for (std::size_t i = 0; i < fixations.size(); ++i) {
        if (fixations[i].target == target.target) used[i][static_cast<std::size_t>(target.eye)] = false;
      }
    }
  } else {
    start_cameras(fixations, used, screen, options, state);
    GeometricProblem(fixations, used, screen, options, TargetLoss::cauchy, state).solve();
    state.absorb_turns();
    fit.left_out = leave_out(fixations, state, used);
  }
  std::array<double, 2> degrees{};
  for (int round = 0; round < rounds; ++round) {
    fit.converged = GeometricProblem(fixations, used, screen, options, TargetLoss::huber, state).solve();
    state.absorb_turns();
    GeometricProblem settled(fixations, used, screen, options, TargetLoss::huber, state);
    const GeometricCovariance targets = settled.target_information();
    fit.covariance = inverse_of_present(targets + settled.prior_information());
    const double parameters_used = (fit.covariance * targets).trace();
    degrees = measure_scatter(fixations, used, parameters_used, options, state);
  }
  GeometricProblem settled(fixations, used, screen, options, TargetLoss::huber, state);
  fit.covariance = inverse_of_present(settled.target_information() + settled.prior_information());
  if (!fit.converged || !fit.covariance.allFinite())
    return Error{ErrorCode::internal, "the optimisation did not settle", "calibration", "Calibrate again"};
  describe(fixations, used, state, degrees, fit);
  name_parameters(state, options, screen, fit);
  return fit;
}

}  // namespace yarbus
