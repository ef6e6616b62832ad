#include "app/session/simulated_viewer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>

#include <Eigen/Geometry>

#include "eyemodel/simulation/look_at.h"
#include "eyemodel/simulation/scenario.h"
#include "eyemodel/types/angle.h"
#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

/// A target that has gone is looked at for so long before the gaze wanders.
constexpr double patience_s = 0.6;
/// Faster is a jump, which takes the reaction time; slower is followed.
constexpr double fastest_pursuit_mm_s = 300.0;
constexpr double pursuit_lag_s = 0.03;  ///< the eye itself adds about 0.1 s
constexpr double memory_s = 1.0;
constexpr double wander_margin = 0.06;  ///< of the screen, where nobody looks
constexpr double shortest_blink_pause_s = 1.0;
constexpr double slip_mm = 2.0;  ///< with 1 deg of tilt for each mm
constexpr double slip_takes_s = 0.15;
constexpr double small_screen = 0.5;
constexpr double head_move_mm = 20.0;
constexpr int half_way = 5;  ///< of nine targets

Eigen::Matrix3d turn(double deg, const Eigen::Vector3d& axis) {
  return Eigen::AngleAxisd(deg * rad_per_deg, axis).toRotationMatrix();
}

int first_target_of(ViewerFault fault) {
  switch (fault) {
    case ViewerFault::one_eye_lost:
    case ViewerFault::slippage:
      return half_way;
    case ViewerFault::none:
    case ViewerFault::head_moved:
      return std::numeric_limits<int>::max();
    case ViewerFault::inattentive:
    case ViewerFault::one_place:
      return 1;
    case ViewerFault::wrong_screen_size:
    case ViewerFault::no_eye:
      break;
  }
  return 0;
}

}  // namespace

std::optional<ViewerFault> viewer_fault_from_string(std::string_view name) {
  const auto found = std::find(viewer_fault_names.begin(), viewer_fault_names.end(), name);
  if (found == viewer_fault_names.end()) return std::nullopt;
  return static_cast<ViewerFault>(found - viewer_fault_names.begin());
}

const std::vector<std::string>& viewer_scenarios() {
  static const std::vector<std::string> names{"easy",   "noisy-far", "low-contrast",
                                              "window", "dilation",  "subjects"};
  return names;
}

Result<SimulatedViewer> SimulatedViewer::create(const ViewerOptions& options) {
  SimulatedViewer viewer(options, 0);
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const auto index = static_cast<std::size_t>(side);
    const auto* scenario = simulation::find_scenario(viewer.eyes_[index].scenario);
    if (scenario == nullptr) {
      return Error{ErrorCode::invalid_option, "there is no scenario of that name", options.scenario,
                   "`yarbus simulate --list` names those that exist"};
    }
    const auto setup = simulation::set_up_scenario(*scenario, viewer.eyes_[index].seed, side);
    viewer.controls_[index] = simulation::controls_of(setup);
    viewer.controls_[index].motion = SimulatedMotion::look_at;
  }
  // A person would move until the whole screen can be seen.
  constexpr std::uint64_t most_seats = 50;
  for (std::uint64_t attempt = 1; attempt < most_seats && !viewer.sees_whole_screen(); ++attempt) {
    SimulatedViewer moved(options, attempt);
    moved.controls_ = viewer.controls_;
    viewer = std::move(moved);
  }
  return viewer;
}

bool SimulatedViewer::sees_whole_screen() const {
  constexpr double margin = 0.1;
  constexpr double most_beside_rad = 0.5 * rad_per_deg;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const EyeOf who = eye(side);
    auto setup = simulation::set_up_scenario(*simulation::find_scenario(who.scenario), who.seed, side);
    for (const double x : {margin, 1.0 - margin}) {
      for (const double y : {margin, 1.0 - margin}) {
        const Eigen::Vector2d place_mm =
            real_from_stated({x * options_.screen.width_mm, y * options_.screen.height_mm});
        const RigidTransform pose = screen_from_head(side);
        const Eigen::Vector3d point_in_head_mm =
            pose.rotation.transpose() *
            (Eigen::Vector3d(place_mm.x(), place_mm.y(), 0.0) - pose.translation_mm);
        const Eigen::Vector2d gaze_deg = simulation::gaze_towards_deg(setup.scene.eye, point_in_head_mm);
        setup.scene.yaw_deg = gaze_deg.x();
        setup.scene.pitch_deg = gaze_deg.y();
        const Eigen::Vector3d axis = simulation::visual_axis_in_head(setup.scene);
        if (std::atan2(axis.cross(point_in_head_mm).norm(), axis.dot(point_in_head_mm)) > most_beside_rad)
          return false;
      }
    }
  }
  return true;
}

SimulatedViewer::SimulatedViewer(const ViewerOptions& options, std::uint64_t attempt)
    : options_(options), random_(simulation::scramble(options.seed ^ 0x51EEE5ULL) + attempt) {
  YARBUS_CHECK_OP(options.screen.viewing_distance_mm, >, 0.0);
  const auto& names = viewer_scenarios();
  const std::string name = options.scenario.empty() ? names[options.seed % names.size()] : options.scenario;
  // Two eyes are as alike as two people's: what they share is not to be leant on.
  eyes_ = {options.eyes[0].value_or(EyeOf{name, 2 * options.seed}),
           options.eyes[1].value_or(EyeOf{name, 2 * options.seed + 1})};
  const Eigen::Vector2d middle_mm = 0.5 * Eigen::Vector2d(options.screen.width_mm, options.screen.height_mm);
  const auto within = [&](double sigma, double most) {
    return std::clamp(sigma * random_.normal(), -most, most);
  };
  const double distance_mm = options.screen.viewing_distance_mm * (1.0 + within(0.1, 0.15));
  middle_of_eyes_in_screen_mm_ = {middle_mm.x() + within(20.0, 40.0), middle_mm.y() + within(25.0, 50.0),
                                  -distance_mm};
  half_apart_mm_ = 0.5 * (63.0 + within(4.0, 8.0));
  // Upright and facing the screen, head is screen turned by half a turn; then a few degrees.
  const Eigen::Matrix3d facing = Eigen::Vector3d(-1.0, 1.0, -1.0).asDiagonal();
  screen_from_head_rotation_ = turn(within(3.0, 6.0), Eigen::Vector3d::UnitY()) *
                               turn(within(2.0, 4.0), Eigen::Vector3d::UnitX()) *
                               turn(within(2.0, 4.0), Eigen::Vector3d::UnitZ()) * facing;
  latency_s_ = random_.uniform(0.15, 0.25);
  wander_mm_ = middle_mm;
  next_blink_s_ = options.blink_interval_s > 0.0 ? random_.uniform(0.5, options.blink_interval_s)
                                                 : std::numeric_limits<double>::infinity();
  has_fault_begun_ = options.fault_from_target.value_or(first_target_of(options.fault)) <= 0;
}

SimulatedViewer::EyeOf SimulatedViewer::eye(EyeSide side) const {
  return eyes_[static_cast<std::size_t>(side)];
}

void SimulatedViewer::end_fault() {
  options_.fault = ViewerFault::none;
  has_fault_begun_ = false;
  fault_began_s_.reset();
}

double SimulatedViewer::mm_per_deg() const { return distance_mm() * std::tan(rad_per_deg); }

Eigen::Vector2d SimulatedViewer::real_from_stated(const Eigen::Vector2d& stated_mm) const {
  if (options_.fault != ViewerFault::wrong_screen_size) return stated_mm;
  const Eigen::Vector2d middle_mm =
      0.5 * Eigen::Vector2d(options_.screen.width_mm, options_.screen.height_mm);
  return middle_mm + small_screen * (stated_mm - middle_mm);
}

Eigen::Vector2d SimulatedViewer::stated_from_real(const Eigen::Vector2d& real_mm) const {
  if (options_.fault != ViewerFault::wrong_screen_size) return real_mm;
  const Eigen::Vector2d middle_mm =
      0.5 * Eigen::Vector2d(options_.screen.width_mm, options_.screen.height_mm);
  return middle_mm + (real_mm - middle_mm) / small_screen;
}

RigidTransform SimulatedViewer::screen_from_head(EyeSide side) const {
  // The wearer's right is the head frame's image left.
  const double sign = side == EyeSide::right ? -1.0 : 1.0;
  Eigen::Vector3d place_mm = middle_of_eyes_in_screen_mm_ +
                             screen_from_head_rotation_ * Eigen::Vector3d(sign * half_apart_mm_, 0.0, 0.0);
  if (is_at_fault(ViewerFault::head_moved)) place_mm.x() += head_move_mm;
  return {screen_from_head_rotation_, place_mm};
}

std::optional<Eigen::Vector2d> SimulatedViewer::gaze_in_screen_mm(
    EyeSide side, const Eigen::Vector3d& visual_axis_in_head) const {
  const RigidTransform pose = screen_from_head(side);
  const Eigen::Vector3d direction = pose.rotation * visual_axis_in_head;
  if (!(direction.z() > 0.0)) return std::nullopt;
  const Eigen::Vector3d hit_mm = pose.translation_mm - pose.translation_mm.z() / direction.z() * direction;
  return stated_from_real(hit_mm.head<2>());
}

Eigen::Vector2d SimulatedViewer::wander(double t_s, double shortest_s, double longest_s) {
  if (t_s >= next_wander_s_) {
    next_wander_s_ = t_s + random_.uniform(shortest_s, longest_s);
    const Eigen::Vector2d size_mm(options_.screen.width_mm, options_.screen.height_mm);
    const double x = random_.uniform(wander_margin, 1.0 - wander_margin);
    wander_mm_ =
        size_mm.cwiseProduct(Eigen::Vector2d(x, random_.uniform(wander_margin, 1.0 - wander_margin)));
  }
  return wander_mm_;
}

void SimulatedViewer::note_target(double t_s, const VisibleTarget& visible) {
  const bool is_new = target_ != visible.target;
  if (is_new) {
    target_ = visible.target;
    ++targets_shown_;
    const double sigma_mm = options_.aim_sigma_deg * mm_per_deg() / std::numbers::sqrt2;
    const double across = random_.normal();
    aim_mm_ = sigma_mm * Eigen::Vector2d(across, random_.normal());
    const int from = options_.fault_from_target.value_or(first_target_of(options_.fault));
    if (targets_shown_ >= from) has_fault_begun_ = true;
  }
  seen_.push_back({t_s, visible.position_in_screen_mm + aim_mm_});
  while (seen_.size() > 2 && seen_[1].t_s < t_s - memory_s) seen_.pop_front();
}

Eigen::Vector2d SimulatedViewer::place_before(double t_s) const {
  constexpr double tolerance_s = 1e-9;
  for (auto seen = seen_.rbegin(); seen != seen_.rend(); ++seen) {
    if (seen->t_s <= t_s + tolerance_s) return seen->place_mm;
  }
  return seen_.front().place_mm;
}

Eigen::Vector2d SimulatedViewer::wanted_place(double t_s, const std::optional<VisibleTarget>& visible) {
  if (visible) {
    // What came before the first target is where the gaze was.
    if (seen_.empty()) seen_.push_back({t_s - 1e-3, wander_mm_});
    note_target(t_s, *visible);
    unseen_since_s_.reset();
  } else if (!seen_.empty() && !unseen_since_s_) {
    unseen_since_s_ = t_s;
  }
  const bool is_looking_for_none = !visible && (!unseen_since_s_ || t_s - *unseen_since_s_ > patience_s);
  if (is_looking_for_none) {
    seen_.clear();
    unseen_since_s_.reset();
    return wander(t_s, 0.35, 0.9);
  }
  if (is_at_fault(ViewerFault::inattentive)) return wander(t_s, 0.9, 1.6);
  if (is_at_fault(ViewerFault::one_place))
    return 0.5 * Eigen::Vector2d(options_.screen.width_mm, options_.screen.height_mm);
  constexpr double step_s = 0.05;
  const double speed_mm_s = (place_before(t_s) - place_before(t_s - step_s)).norm() / step_s;
  const bool is_moving = speed_mm_s > 1.0 && speed_mm_s < fastest_pursuit_mm_s;
  const Eigen::Vector2d place_mm = place_before(t_s - (is_moving ? pursuit_lag_s : latency_s_));
  wander_mm_ = place_mm;
  return place_mm;
}

void SimulatedViewer::drive_blinks(double t_s) {
  if (t_s < next_blink_s_) return;
  for (SimulationControls& controls : controls_) ++controls.blinks;
  const double mean_s = std::max(0.0, options_.blink_interval_s - shortest_blink_pause_s);
  next_blink_s_ = t_s + shortest_blink_pause_s - mean_s * std::log(1.0 - random_.uniform());
}

ViewerLook SimulatedViewer::look(CaptureTime at, const std::optional<VisibleTarget>& visible) {
  const double t_s = std::chrono::duration<double>(at).count();
  ViewerLook look;
  look.wanted_in_screen_mm = wanted_place(t_s, visible);
  drive_blinks(t_s);
  if (has_fault_begun_ && !fault_began_s_) fault_began_s_ = t_s;
  const Eigen::Vector2d real_mm = real_from_stated(look.wanted_in_screen_mm);
  const double slipped =
      is_at_fault(ViewerFault::slippage) ? std::min(1.0, (t_s - *fault_began_s_) / slip_takes_s) : 0.0;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    SimulationControls& controls = controls_[static_cast<std::size_t>(side)];
    const RigidTransform pose = screen_from_head(side);
    controls.look_at_in_head_mm =
        pose.rotation.transpose() * (Eigen::Vector3d(real_mm.x(), real_mm.y(), 0.0) - pose.translation_mm);
    controls.slip_mm = slip_mm * slipped;
    controls.is_closed =
        is_at_fault(ViewerFault::no_eye) || (is_at_fault(ViewerFault::one_eye_lost) && side == EyeSide::left);
  }
  look.eyes = controls_;
  return look;
}

}  // namespace yarbus
