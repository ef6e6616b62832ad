#include "eyemodel/simulation/simulated_eye.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eyemodel/simulation/lid_opening.h"
#include "eyemodel/simulation/look_at.h"
#include "eyemodel/simulation/renderer.h"
#include "eyemodel/simulation/scalar_functions.h"
#include "eyemodel/simulation/scenario.h"
#include "eyemodel/simulation/truth.h"

namespace yarbus::simulation {
namespace {

constexpr int least_width_px = 160;

/// The same camera and lens with larger pixels.
CameraIntrinsics with_width(const CameraIntrinsics& camera, int width_px) {
  CameraIntrinsics smaller = camera;
  smaller.width_px = width_px;
  smaller.height_px = (camera.height_px * width_px + camera.width_px / 2) / camera.width_px;
  const double share = static_cast<double>(width_px) / camera.width_px;
  smaller.fx_px *= share;
  smaller.fy_px *= share;
  smaller.cx_px = (camera.cx_px + 0.5) * share - 0.5;
  smaller.cy_px = (camera.cy_px + 0.5) * share - 0.5;
  return smaller;
}

/// Each value brought into its bounds; what is not a number stays as it was.
SimulationControls within_bounds(const SimulationControls& asked, const SimulationControls& now) {
  const auto bound = [](double value, double low, double high, double instead) {
    return std::isnan(value) ? instead : std::clamp(value, low, high);
  };
  SimulationControls controls = asked;
  for (int i = 0; i < 2; ++i)
    controls.pointer_deg[i] =
        bound(asked.pointer_deg[i], -gaze_limit_deg()[i], gaze_limit_deg()[i], now.pointer_deg[i]);
  const double distance_mm = asked.look_at_in_head_mm.norm();
  if (!(distance_mm > 0.0) || !std::isfinite(distance_mm))
    controls.look_at_in_head_mm = now.look_at_in_head_mm;
  controls.pupil_radius_mm = bound(asked.pupil_radius_mm, 1.0, 4.0, now.pupil_radius_mm);
  controls.noise_factor = bound(asked.noise_factor, 0.0, 5.0, now.noise_factor);
  controls.lid_droop_deg = bound(asked.lid_droop_deg, 0.0, 30.0, now.lid_droop_deg);
  controls.light_factor = bound(asked.light_factor, 0.2, 2.0, now.light_factor);
  controls.off_axis_deg = bound(asked.off_axis_deg, 0.0, 55.0, now.off_axis_deg);
  controls.slip_mm = bound(asked.slip_mm, -4.0, 4.0, now.slip_mm);
  return controls;
}

GazePlan plan_of(GazePlan::Kind kind, const GazePlan& like) {
  GazePlan plan = like;
  plan.kind = kind;
  return plan;
}

/// Largest movement in the image between two scenes of one exposure, px, to first order.
double movement_px(const Scene& a, const Scene& b) {
  const double mm_to_px = a.camera.fx_px / std::max(1.0, a.eye_center_in_cam_mm.norm() - a.eye.apex_mm());
  const double turned =
      std::acos(std::clamp(a.optical_axis_in_head().dot(b.optical_axis_in_head()), -1.0, 1.0));
  const auto lids_a = lid_angles_deg(a.lids, a.pitch_deg);
  const auto lids_b = lid_angles_deg(b.lids, b.pitch_deg);
  constexpr double fissure_deg = 40.0;
  const double lids = (std::max(std::abs(lids_a[0] - lids_b[0]), std::abs(lids_a[1] - lids_b[1])) +
                       fissure_deg * std::abs(a.lids.closure - b.lids.closure)) *
                      rad_per_deg;
  const double slid = (a.eye_center_in_cam_mm - b.eye_center_in_cam_mm).norm();
  return mm_to_px * (std::max(turned, lids) * a.eye.apex_mm() + slid);
}

}  // namespace

struct SimulatedEye::Impl {
  Impl(ScenarioSetup setup_, std::uint64_t seed_)
      : setup(std::move(setup_)),
        seed(seed_),
        motion(setup.motion, seed_),
        look_around(plan_of(GazePlan::Kind::look_around, setup.motion.gaze), scramble(seed_ ^ 0x100C)),
        pursuit(plan_of(GazePlan::Kind::pursuit, setup.motion.gaze), scramble(seed_ ^ 0x9025)),
        controls(controls_of(setup)),
        camera(setup.scene.camera),
        renderer(setup.scene.eye.appearance_seed, setup.scene.appearance.lashes) {
    const Appearance& look = setup.scene.appearance;
    camera.leds_in_cam_mm.assign(look.leds_in_cam_mm.begin(), look.leds_in_cam_mm.begin() + look.led_count);
  }

  /// The scene at one instant. With controls, instants must be asked for in rising order.
  Scene scene_at(double time_s);
  GazeMotion::State gaze_at(double time_s, const GazeMotion::State& of_scenario);
  void place_by_controls(Scene& scene) const;

  ScenarioSetup setup;
  std::uint64_t seed;
  EyeMotion motion;
  GazeMotion look_around;
  GazeMotion pursuit;
  SimulationControls controls;
  CameraIntrinsics camera;
  Renderer renderer;
  bool is_controlled = false;
  std::optional<GazeFollower> follower;
  std::optional<LookAtMotion> looking;
  Eigen::Vector3d visual_axis_in_head = -Eigen::Vector3d::UnitZ();
  Eigen::Vector2d last_gaze_deg = Eigen::Vector2d::Zero();
  bool last_is_saccade = false;
  std::optional<double> asked_blink_s;
  bool is_blink_asked = false;
  std::vector<Scene> instants;
};

GazeMotion::State SimulatedEye::Impl::gaze_at(double time_s, const GazeMotion::State& of_scenario) {
  if (!is_controlled) return of_scenario;
  switch (controls.motion) {
    case SimulatedMotion::scenario:
      return of_scenario;
    case SimulatedMotion::look_around:
      return look_around.at(time_s);
    case SimulatedMotion::pursuit:
      return pursuit.at(time_s);
    case SimulatedMotion::look_at:
      if (!looking) looking.emplace(setup.scene.eye, last_gaze_deg, seed);
      return looking->at(controls.look_at_in_head_mm, time_s);
    case SimulatedMotion::still:
    case SimulatedMotion::follow_pointer:
      break;
  }
  if (!follower) follower.emplace(last_gaze_deg);
  return follower->follow(controls.pointer_deg, time_s);
}

void SimulatedEye::Impl::place_by_controls(Scene& scene) const {
  // The camera keeps its side of the face: it moves on the great circle through straight ahead. One that is
  // right in front goes down.
  const Eigen::Vector3d ahead(0.0, 0.0, -1.0);
  const Eigen::Vector3d own = direction_in_head(setup.camera_azimuth_deg, setup.camera_elevation_deg);
  const Eigen::Vector3d across = own - own.dot(ahead) * ahead;
  constexpr double in_front = 1e-3;
  const Eigen::Vector3d side = across.norm() > in_front ? across.normalized() : Eigen::Vector3d::UnitY();
  const double angle = controls.off_axis_deg * rad_per_deg;
  const Eigen::Vector2d place_deg =
      azimuth_elevation_rad(std::cos(angle) * ahead + std::sin(angle) * side) / rad_per_deg;
  place_camera(scene, setup.camera_distance_mm, place_deg.x(), place_deg.y());
  constexpr double tilt_deg_per_mm = 1.0;
  slip_camera(scene, {0.0, controls.slip_mm, 0.0}, {tilt_deg_per_mm * controls.slip_mm, 0.0, 0.0});
}

Scene SimulatedEye::Impl::scene_at(double time_s) {
  const EyeMotion::State state = motion.at(time_s);
  Scene scene = setup.scene;
  scene.lids.closure = state.closure;
  scene.lids.upper_rest_deg += state.lid_lift_deg;
  scene.pupil_radius_mm = state.pupil_radius_mm;
  if (is_controlled) {
    place_by_controls(scene);
    // The scenario's own swing goes on about the mean that was asked for.
    scene.pupil_radius_mm += controls.pupil_radius_mm - setup.motion.pupil_radius_mm;
    scene.lids.upper_rest_deg -= controls.lid_droop_deg;
    scene.sensor.read_noise_gray *= controls.noise_factor;
    scene.sensor.shot_noise_gray *= controls.noise_factor;
    scene.appearance.exposure *= controls.light_factor;
    if (asked_blink_s)
      scene.lids.closure = std::max(scene.lids.closure, blink_closure(time_s - *asked_blink_s));
    if (controls.is_closed) scene.lids.closure = 1.0;
  }
  constexpr double smallest_pupil_mm = 0.6;
  scene.pupil_radius_mm = std::max(smallest_pupil_mm, scene.pupil_radius_mm);
  slip_camera(scene, state.slip_in_head_mm, state.tilt_deg);
  const GazeMotion::State gaze = gaze_at(time_s, state.gaze);
  scene.yaw_deg = gaze.gaze_deg.x();
  scene.pitch_deg = gaze.gaze_deg.y();
  last_gaze_deg = gaze.gaze_deg;
  last_is_saccade = gaze.is_saccade;
  return scene;
}

SimulatedEye::SimulatedEye(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SimulatedEye::~SimulatedEye() = default;
SimulatedEye::SimulatedEye(SimulatedEye&&) noexcept = default;
SimulatedEye& SimulatedEye::operator=(SimulatedEye&&) noexcept = default;

Result<SimulatedEye> SimulatedEye::create(std::string_view scenario, std::uint64_t seed, EyeSide side,
                                          std::optional<int> width_px) {
  const ScenarioInfo* info = find_scenario(scenario);
  if (info == nullptr) {
    std::string known;
    for (const ScenarioInfo& each : scenarios())
      known += (known.empty() ? "" : ", ") + std::string(each.name);
    return Error{ErrorCode::invalid_option, "there is no scenario of that name", std::string(scenario),
                 "Choose one of " + known};
  }
  ScenarioSetup setup = set_up_scenario(*info, seed, side);
  if (width_px) {
    const int own_px = setup.scene.camera.width_px;
    if (*width_px < least_width_px || *width_px > own_px) {
      return Error{ErrorCode::invalid_option, "the simulated camera's image cannot be that wide",
                   std::to_string(*width_px) + " px",
                   "Choose " + std::to_string(least_width_px) + " to " + std::to_string(own_px) + " px"};
    }
    setup.scene.camera = with_width(setup.scene.camera, *width_px);
  }
  return SimulatedEye(std::make_unique<Impl>(std::move(setup), seed));
}

const CameraIntrinsics& SimulatedEye::camera() const { return impl_->camera; }
double SimulatedEye::rate_hz() const { return impl_->setup.rate_hz; }
const SimulationControls& SimulatedEye::controls() const { return impl_->controls; }
Eigen::Vector3d SimulatedEye::visual_axis_in_head() const { return impl_->visual_axis_in_head; }

void SimulatedEye::set_controls(const SimulationControls& asked) {
  Impl& self = *impl_;
  const SimulationControls controls = within_bounds(asked, self.controls);
  self.is_blink_asked = self.is_blink_asked || controls.blinks != self.controls.blinks;
  const bool was_followed = self.controls.motion == SimulatedMotion::follow_pointer ||
                            self.controls.motion == SimulatedMotion::still;
  const bool is_followed =
      controls.motion == SimulatedMotion::follow_pointer || controls.motion == SimulatedMotion::still;
  // Either starts from where the eye looks then.
  if (is_followed != was_followed) self.follower.reset();
  if (controls.motion != self.controls.motion) self.looking.reset();
  self.controls = controls;
  self.is_controlled = true;
}

void SimulatedEye::render(std::uint64_t index, GrayImage& image, SimulatedTruth& truth) {
  Impl& self = *impl_;
  const double time_s = static_cast<double>(index) / self.setup.rate_hz;
  const auto is_in_asked_blink = [&] {
    return self.asked_blink_s && time_s - *self.asked_blink_s < blink_duration_s;
  };
  // A blink under way goes on; a second wish during it is none.
  if (std::exchange(self.is_blink_asked, false) && !is_in_asked_blink()) self.asked_blink_s = time_s;

  // As many instants as keep the steps between them under about a pixel.
  const double half_s = 0.5 * self.setup.exposure_s;
  self.instants.clear();
  self.instants.push_back(self.scene_at(time_s - half_s));
  self.instants.push_back(self.scene_at(time_s));
  const bool is_saccade = self.last_is_saccade;
  self.instants.push_back(self.scene_at(time_s + half_s));
  const double moved_px =
      movement_px(self.instants[0], self.instants[1]) + movement_px(self.instants[1], self.instants[2]);
  constexpr double still_px = 0.6;
  constexpr int most_instants = 7;
  if (moved_px < still_px) {
    self.instants = {self.instants[1]};
  } else if (!self.follower && !self.looking) {
    const int steps = std::clamp(2 * static_cast<int>(std::ceil(0.5 * moved_px / 1.1)) + 1, 3, most_instants);
    if (steps > 3) {
      self.instants.clear();
      for (int i = 0; i < steps; ++i)
        self.instants.push_back(self.scene_at(time_s + half_s * (2.0 * i / (steps - 1) - 1.0)));
    }
  }

  const std::uint64_t noise_seed = scramble(self.seed * 0x9E3779B97F4A7C15ULL + index);
  const double visible = self.renderer.render(self.instants, noise_seed, image);
  const Scene& middle = self.instants[self.instants.size() / 2];
  self.visual_axis_in_head = simulation::visual_axis_in_head(middle);
  truth = truth_of(middle);
  truth.time_s = time_s;
  truth.visible_fraction = visible;
  const EyeMotion::State state = self.motion.at(time_s);
  truth.in_blink = (state.is_blinking || is_in_asked_blink()) && middle.lids.closure > 0.5;
  truth.is_saccade = is_saccade;
}

}  // namespace yarbus::simulation
