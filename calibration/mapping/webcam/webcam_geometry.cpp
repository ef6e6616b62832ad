#include "calibration/mapping/webcam/webcam_geometry.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <Eigen/SVD>

#include "calibration/mapping/webcam/fit_lids.h"
#include "calibration/mapping/webcam/webcam_model.h"
#include "calibration/mapping/webcam/webcam_problem.h"
#include "eyemodel/types/angle.h"

namespace yarbus {
namespace {

const Eigen::Vector3d face_middle_in_head_mm(0.0, 25.0, -93.0);
constexpr double least_spread_deg = 2.0;
/// A target missed by so many of its usual sigmas, and so far at least, fits nowhere.
constexpr double outlier_sigmas = 4.5;
constexpr double outlier_deg = 2.0;
/// Cameras elsewhere than at the upper edge are rarer.
constexpr std::array<double, 4> edge_costs{0.0, 2.0, 3.0, 3.0};
/// By how much (of -ln of the likelihood) a mirror must explain more, and which share it may leave. People
/// whose image is mirrored came out at 83 or more and below 0.4, others at less than -80.
constexpr double least_mirror_gain = 30.0;
constexpr double mirrored_cost_share = 0.6;
constexpr double extra_weight = 6.0;  ///< of the iris' rest as expected, in residuals

double spread_rad(std::span<const FaceTarget> targets, const ScreenGeometry& screen) {
  const Eigen::Vector3d eye(0.5 * screen.width_mm, 0.5 * screen.height_mm, -screen.viewing_distance_mm);
  double widest = 0.0;
  for (const FaceTarget& a : targets) {
    for (const FaceTarget& b : targets) {
      const Eigen::Vector3d to_a =
          Eigen::Vector3d(a.target_in_screen_mm[0], a.target_in_screen_mm[1], 0.0) - eye;
      const Eigen::Vector3d to_b =
          Eigen::Vector3d(b.target_in_screen_mm[0], b.target_in_screen_mm[1], 0.0) - eye;
      widest = std::max(widest, std::atan2(to_a.cross(to_b).norm(), to_a.dot(to_b)));
    }
  }
  return widest;
}

/// Which eyes can be fitted, and where they are in the head as known before.
std::array<Eigen::Vector3d, 2> use_eyes(std::span<const FaceTarget> targets, const ScreenGeometry& screen,
                                        int min_targets, std::array<bool, 2>& has_eye) {
  std::array<Eigen::Vector3d, 2> centers{Eigen::Vector3d::Zero(), Eigen::Vector3d::Zero()};
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const auto at = static_cast<std::size_t>(side);
    std::vector<FaceTarget> seen;
    double count = 0.0;
    for (const FaceTarget& target : targets) {
      bool is_seen = false;
      for (const FaceFrame& frame : target.frames) {
        const EyeSight* eye = eye_to_use(frame.rays, side);
        if (eye == nullptr) continue;
        is_seen = true;
        centers[at] += eye->eye_center_in_head_mm;
        count += 1.0;
      }
      if (is_seen) seen.push_back({target.target, target.movement, target.target_in_screen_mm, {}});
    }
    if (count > 0.0) centers[at] /= count;
    has_eye[at] = static_cast<int>(seen.size()) >= min_targets &&
                  spread_rad(seen, screen) > least_spread_deg * rad_per_deg;
  }
  return centers;
}

RigidTransform mean_pose(std::span<const FaceBundle> bundles) {
  Eigen::Matrix3d turns = Eigen::Matrix3d::Zero();
  RigidTransform mean;
  for (const FaceBundle& bundle : bundles) {
    turns += bundle.cam_from_head.rotation;
    mean.translation_mm += bundle.cam_from_head.translation_mm / static_cast<double>(bundles.size());
  }
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(turns, Eigen::ComputeFullU | Eigen::ComputeFullV);
  const Eigen::Vector3d signs(1.0, 1.0, (svd.matrixU() * svd.matrixV().transpose()).determinant());
  mean.rotation = svd.matrixU() * signs.asDiagonal() * svd.matrixV().transpose();
  return mean;
}

double mean_distance_mm(std::span<const FaceBundle> bundles) {
  double sum = 0.0;
  for (const FaceBundle& bundle : bundles) sum += bundle.cam_from_head.translation_mm.norm();
  return sum / static_cast<double>(bundles.size());
}

WebcamState start_at(int edge, const std::array<bool, 2>& has_eye, const RigidTransform& usual,
                     const std::array<Eigen::Vector3d, 2>& centers, const ScreenGeometry& screen,
                     const WebcamPriors& priors, double distance_mm, std::size_t targets) {
  WebcamState state;
  state.geometry.has_eye = has_eye;
  state.geometry.screen_geometry = screen;
  state.geometry.edge = edge;
  state.geometry.usual_cam_from_head = usual;
  state.geometry.turn_doubt = priors.turn_doubt;
  const double across = 0.5 * screen.width_mm + priors.beside_edge_mm;
  const double down = 0.5 * screen.height_mm + priors.beside_edge_mm;
  // cam's x is the screen's leftwards
  const std::array<std::array<double, 2>, 4> middles{
      {{0.0, down}, {0.0, -down}, {-across, 0.0}, {across, 0.0}}};
  const auto& middle = middles[static_cast<std::size_t>(edge)];
  state.geometry.screen = {0.0, 0.0, 0.0, middle[0], middle[1], 0.0};
  for (std::size_t eye = 0; eye < 2; ++eye)
    state.geometry.eyes[eye] = {centers[eye][0],
                                centers[eye][1],
                                centers[eye][2],
                                priors.radius_mm,
                                priors.kappa_deg[0] * rad_per_deg,
                                priors.kappa_deg[1] * rad_per_deg};
  state.geometry.target_sigma_mm = distance_mm * rad_per_deg * priors.target_sigma_deg;
  state.geometry.iris_extra_rad = priors.radius_mm / distance_mm * rad_per_deg * priors.iris_extra_deg;
  state.miss_mm.assign(targets, {0.0, 0.0});
  return state;
}

struct Begun {
  WebcamState state;
  double cost = std::numeric_limits<double>::infinity();
};

/// A rough fit from the camera at each edge of the screen: the best.
template <class StartFrom>
std::optional<Begun> begin(std::span<const FaceBundle> bundles, const std::array<Eigen::Vector3d, 2>& centers,
                           const WebcamPriors& priors, const StartFrom& start_from) {
  std::optional<Begun> best;
  for (int edge = 0; edge < 4; ++edge) {
    WebcamState tried = start_from(edge);
    auto cost = WebcamProblem(bundles, centers, priors, tried).solve(25);
    if (!cost) continue;
    *cost += edge_costs[static_cast<std::size_t>(edge)];
    if (!best || *cost < best->cost) best = Begun{std::move(tried), *cost};
  }
  return best;
}

/// A mirror image of a person before a screen is that of another person before the mirrored screen, left and
/// right eye exchanged: it fits as well as the true one, and only so.
template <class StartFrom>
bool is_mirrored(std::vector<FaceBundle> bundles, const std::array<Eigen::Vector3d, 2>& centers,
                 const WebcamPriors& priors, const ScreenGeometry& screen, const StartFrom& start_from,
                 double cost) {
  if (cost < least_mirror_gain) return false;
  for (FaceBundle& bundle : bundles)
    bundle.target_in_screen_mm.x() = screen.width_mm - bundle.target_in_screen_mm.x();
  const auto mirrored = begin(std::span<const FaceBundle>(bundles), centers, priors, start_from);
  return mirrored && mirrored->cost < std::min(cost - least_mirror_gain, mirrored_cost_share * cost);
}

/// The spreads of misses (expectation maximisation) and of what the irises have left over beside them.
void measure_spreads(std::span<const FaceBundle> bundles, const Eigen::MatrixXd& covariance,
                     const WebcamPriors& priors, double distance_mm, WebcamState& state) {
  WebcamGeometry& geometry = state.geometry;
  const Eigen::Vector2d expected = distance_mm * rad_per_deg * priors.target_sigma_deg;
  const Eigen::Vector2d extra = priors.radius_mm / distance_mm * rad_per_deg * priors.iris_extra_deg;
  for (int k = 0; k < 2; ++k) {
    double squares = priors.target_sigma_weight * expected[k] * expected[k];
    double weight = priors.target_sigma_weight;
    const double usual = geometry.target_sigma_mm[k];
    for (std::size_t i = 0; i < state.miss_mm.size(); ++i) {
      const Eigen::Index at = webcam_parameters + 2 * static_cast<Eigen::Index>(i) + k;
      if (covariance(at, at) <= 0.0) continue;
      const double miss = state.miss_mm[i][static_cast<std::size_t>(k)];
      // As Cauchy's loss weighs it: a target that was not looked at says nothing about the others.
      const double robust = 1.0 / (1.0 + miss * miss / (9.0 * usual * usual));
      squares += robust * (miss * miss + std::min(covariance(at, at), usual * usual));
      weight += robust;
    }
    geometry.target_sigma_mm[k] = std::sqrt(squares / weight);
    double over = extra_weight * extra[k] * extra[k];
    double rest_weight = extra_weight;
    for (const FaceBundle& bundle : bundles) {
      if (!bundle.eyes[0] || !bundle.eyes[1] || !geometry.has_eye[0] || !geometry.has_eye[1]) continue;
      // What both eyes share goes out of their difference.
      const double difference =
          iris_residual_rad(state, bundle, 0)[k] - iris_residual_rad(state, bundle, 1)[k];
      const double stated = bundle.eyes[0]->covariance_rad2(k, k) + bundle.eyes[1]->covariance_rad2(k, k);
      const double most = 9.0 * (stated + 2.0 * geometry.iris_extra_rad[k] * geometry.iris_extra_rad[k]);
      over += 0.5 * (std::min(difference * difference, most) - stated);
      rest_weight += 1.0;
    }
    const double least = 0.04 * extra[k] * extra[k];
    geometry.iris_extra_rad[k] = std::sqrt(std::max(least, over / rest_weight));
  }
}

void name_parameters(const WebcamPriors& priors, WebcamGeometry& geometry) {
  const auto add = [&](std::string name, int column, double value, double prior, bool is_angle) {
    const double unit = is_angle ? 1.0 / rad_per_deg : 1.0;
    const double sigma = std::sqrt(std::max(0.0, geometry.covariance(column, column))) * unit;
    geometry.parameters.push_back({std::move(name), is_angle ? "deg" : "mm", value * unit, sigma, prior,
                                   sigma * sigma < 0.5 * prior * prior});
  };
  const Eigen::Vector2d kappa_sigma =
      (priors.kappa_sigma_deg.cwiseAbs2() + priors.head_turn_sigma_deg.cwiseAbs2()).cwiseSqrt();
  for (int i = 0; i < 2; ++i) {
    const auto eye = static_cast<std::size_t>(i);
    if (!geometry.has_eye[eye]) continue;
    const std::string of = std::string(", ") + to_string(static_cast<EyeSide>(i)) + " eye";
    const auto& fitted = geometry.eyes[eye];
    add("kappa nasal" + of, 6 * i + 4, fitted[4], kappa_sigma[0], true);
    add("kappa up" + of, 6 * i + 5, fitted[5], kappa_sigma[1], true);
    add("centre across the head" + of, 6 * i, fitted[0], priors.center_sigma_mm[0], false);
    add("centre down the head" + of, 6 * i + 1, fitted[1], priors.center_sigma_mm[1], false);
    add("centre into the head" + of, 6 * i + 2, fitted[2], priors.center_sigma_mm[2], false);
    add("radius to the limbus" + of, 6 * i + 3, fitted[3], priors.radius_sigma_mm, false);
  }
  const Eigen::Vector3d camera =
      -(webcam_model::cam_from_screen_rotation(geometry.screen.data()).transpose() *
        Eigen::Vector3d(geometry.screen[3], geometry.screen[4], geometry.screen[5]));
  add("screen's tilt", 12, geometry.screen[0], priors.camera_turn_sigma_deg[0], true);
  add("screen's pan", 13, geometry.screen[1], priors.camera_turn_sigma_deg[1], true);
  add("screen's roll", 14, geometry.screen[2], priors.camera_turn_sigma_deg[2], true);
  add("camera across the screen", 15, geometry.middle_mm()[0] + camera[0], priors.camera_sigma_mm[0], false);
  add("camera down the screen", 16, geometry.middle_mm()[1] + camera[1], priors.camera_sigma_mm[1], false);
  add("camera behind the screen", 17, camera[2], priors.camera_sigma_mm[2], false);
  const double sigma = std::sqrt(std::max(0.0, geometry.covariance(18, 18)));
  geometry.parameters.push_back({"head's size over the assumed", "", geometry.head_scale, sigma,
                                 priors.scale_sigma,
                                 sigma * sigma < 0.5 * priors.scale_sigma * priors.scale_sigma});
}

void describe(std::span<const FaceTarget> targets, std::span<const FaceBundle> bundles, double distance_mm,
              const WebcamState& state, WebcamGeometry& geometry) {
  double squares = 0.0;
  double count = 0.0;
  std::array<double, 2> seen{};
  const Eigen::Matrix3d turn = webcam_model::cam_from_screen_rotation(geometry.screen.data());
  const Eigen::Vector3d middle(geometry.screen[3], geometry.screen[4], geometry.screen[5]);
  WebcamState without_miss = state;
  for (auto& miss : without_miss.miss_mm) miss = {0.0, 0.0};
  for (const FaceBundle& bundle : bundles) {
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (!bundle.eyes[eye] || !geometry.has_eye[eye]) continue;
      squares += iris_residual_rad(without_miss, bundle, eye).squaredNorm();
      count += 2.0;
      const Eigen::Vector3d center = webcam_model::eye_center_in_cam_mm(
          geometry.eyes[eye].data(), geometry.head_scale, bundle.cam_from_head);
      geometry.eyes_in_screen_mm[eye] += turn.transpose() * (center - middle);
      seen[eye] += 1.0;
    }
  }
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (seen[eye] == 0.0) continue;
    geometry.eyes_in_screen_mm[eye] /= seen[eye];
    geometry.eyes_in_screen_mm[eye].head<2>() += geometry.middle_mm();
  }
  const double gaze_by_iris = distance_mm / geometry.eyes[geometry.has_eye[0] ? 0 : 1][3];
  geometry.rms_deg = std::sqrt(squares / std::max(1.0, count)) * gaze_by_iris / rad_per_deg;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Eigen::Vector2d miss(state.miss_mm[i][0], state.miss_mm[i][1]);
    const double sigmas = miss.cwiseQuotient(geometry.target_sigma_mm).norm();
    const double off_deg = miss.norm() / distance_mm / rad_per_deg;
    if (targets.size() >= 5 && sigmas > outlier_sigmas && off_deg > outlier_deg)
      geometry.left_out.push_back(
          {targets[i].target, geometry.has_eye[0] ? EyeSide::right : EyeSide::left, off_deg});
  }
}

}  // namespace

PoseCovariance with_turn_doubt(const WebcamGeometry& geometry, const RigidTransform& cam_from_head,
                               const PoseCovariance& covariance) {
  const Eigen::Matrix3d& rotation = cam_from_head.rotation;
  const double cosine = geometry.usual_cam_from_head.rotation.col(2).dot(rotation.col(2));
  const double sigma_rad = geometry.turn_doubt * std::acos(std::clamp(cosine, -1.0, 1.0));
  const Eigen::Vector3d arm_mm = rotation * face_middle_in_head_mm;
  // The face's middle stays where it is seen.
  Eigen::Matrix<double, 6, 3> by_turn;
  by_turn << Eigen::Matrix3d::Identity(), (Eigen::Matrix3d() << 0.0, -arm_mm.z(), arm_mm.y(), arm_mm.z(), 0.0,
                                           -arm_mm.x(), -arm_mm.y(), arm_mm.x(), 0.0)
                                              .finished();
  return covariance + sigma_rad * sigma_rad * by_turn * by_turn.transpose();
}

Result<WebcamGeometry> fit_webcam_geometry(std::span<const FaceTarget> targets, const ScreenGeometry& screen,
                                           const WebcamPriors& priors, const WebcamGeometry* start,
                                           int min_targets) {
  if (!(screen.width_mm > 0.0) || !(screen.height_mm > 0.0) || !(screen.viewing_distance_mm > 0.0) ||
      !std::isfinite(screen.width_mm + screen.height_mm + screen.viewing_distance_mm)) {
    return Error{ErrorCode::invalid_option, "the screen's size and distance must be positive", "screen",
                 "Give width, height and viewing distance in millimetres"};
  }
  std::array<bool, 2> has_eye{};
  const auto centers = use_eyes(targets, screen, min_targets, has_eye);
  if (!has_eye[0] && !has_eye[1]) {
    std::string what = "neither eye was seen at " + std::to_string(min_targets) + " targets";
    if (static_cast<int>(targets.size()) < min_targets) {
      what = "only " + std::to_string(targets.size()) + " targets were looked at; at least " +
             std::to_string(min_targets) + " are needed";
    } else if (spread_rad(targets, screen) <= least_spread_deg * rad_per_deg) {
      what = "all samples are at one point";
    }
    return Error{ErrorCode::input_empty, what, "calibration", "Look at targets spread over the screen"};
  }
  const std::vector<FaceBundle> bundles = bundle_frames(targets);
  const double distance_mm = mean_distance_mm(bundles);
  const RigidTransform usual = mean_pose(bundles);
  std::optional<WebcamState> state;
  if (start != nullptr) {
    state = start_at(start->edge, has_eye, usual, centers, screen, priors, distance_mm, targets.size());
    state->geometry.eyes = start->eyes;
    state->geometry.screen = start->screen;
    state->geometry.head_scale = start->head_scale;
    state->geometry.target_sigma_mm = start->target_sigma_mm;
    state->geometry.iris_extra_rad = start->iris_extra_rad;
  } else {
    const auto start_from = [&](int edge) {
      return start_at(edge, has_eye, usual, centers, screen, priors, distance_mm, targets.size());
    };
    auto begun = begin(bundles, centers, priors, start_from);
    if (begun && is_mirrored(bundles, centers, priors, screen, start_from, begun->cost)) {
      return Error{ErrorCode::invalid_option,
                   "the camera's image is a mirror image: where the eyes look fits only with left and right "
                   "swapped",
                   "calibration",
                   "Open the camera with its mirror setting on \"left and right swapped\" (on the command "
                   "line --mirror), or "
                   "switch mirroring off in the camera's own settings, and calibrate again"};
    }
    if (begun) state = std::move(begun->state);
  }
  bool converged = state.has_value();
  const int rounds = start != nullptr ? 1 : 3;
  Eigen::MatrixXd covariance;
  for (int round = 0; converged && round < rounds; ++round) {
    converged = WebcamProblem(bundles, centers, priors, *state).solve(50).has_value();
    covariance = WebcamProblem(bundles, centers, priors, *state).covariance();
    if (start == nullptr) measure_spreads(bundles, covariance, priors, distance_mm, *state);
  }
  if (!converged || !covariance.allFinite())
    return Error{ErrorCode::internal, "the optimisation did not settle", "calibration", "Calibrate again"};
  WebcamGeometry geometry = state->geometry;
  geometry.covariance = covariance.topLeftCorner<webcam_parameters, webcam_parameters>();
  geometry.converged = true;
  describe(targets, bundles, distance_mm, *state, geometry);
  name_parameters(priors, geometry);
  geometry.lids = fit_lids(targets, bundles, geometry);
  return geometry;
}

}  // namespace yarbus
