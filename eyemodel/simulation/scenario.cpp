#include "eyemodel/simulation/scenario.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "eyemodel/simulation/random.h"
#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

/// A scenario's own changes to a subject drawn from the population.
using Change = void (*)(ScenarioSetup&, Random&);

void use_camera(ScenarioSetup& setup, double focal_px, int width_px, int height_px) {
  setup.scene.camera = CameraIntrinsics::from_focal_length(focal_px, width_px, height_px);
}

void small_camera(ScenarioSetup& setup, Random& random) {
  use_camera(setup, random.uniform(290.0, 340.0), 320, 240);
  setup.scene.sensor.defocus_sigma_px = random.uniform(0.5, 0.8);
}

/// The views of a fit: the gaze is somewhere else in each frame, evenly over 25 degrees all around.
void paper(ScenarioSetup& setup, Random& random) {
  setup.rate_hz = 10.0;
  setup.motion.gaze.kind = GazePlan::Kind::scatter;
  setup.motion.gaze.scatter_rate_hz = setup.rate_hz;
  setup.motion.gaze.range_deg = {25.0, 25.0};
  // A dim room: wide pupils, which lids and lashes cut in the outer gazes.
  setup.motion.pupil_radius_mm = random.uniform(2.4, 3.1);
  setup.motion.pupil_unrest_mm = 0.4;
  setup.camera_azimuth_deg = random.uniform(-12.0, 12.0);
  setup.camera_elevation_deg = random.uniform(-26.0, -14.0);
  setup.scene.lids.upper_rest_deg -= random.uniform(12.0, 14.0);
  setup.scene.appearance.lashes.upper_count = 100;
  setup.scene.appearance.lashes.length_mm = random.uniform(8.0, 10.0);
  setup.scene.appearance.lashes.droop = random.uniform(0.3, 0.7);
}

void paper_no_cornea(ScenarioSetup& setup, Random& random) {
  paper(setup, random);
  setup.scene.eye.refractive_index = 1.0;
}

void easy(ScenarioSetup& setup, Random& random) {
  setup.camera_azimuth_deg = random.uniform(-8.0, 8.0);
  setup.camera_elevation_deg = random.uniform(-18.0, -8.0);
  setup.scene.lids.upper_rest_deg += 2.0;
  setup.scene.appearance.lashes.length_mm = 6.5;
  setup.scene.appearance.lashes.droop = 0.0;
  setup.scene.sensor.read_noise_gray = 1.0;
}

void off_axis(ScenarioSetup& setup, Random& random) {
  setup.camera_azimuth_deg = random.uniform(34.0, 46.0) * (random.uniform() < 0.5 ? -1.0 : 1.0);
  setup.camera_elevation_deg = random.uniform(-33.0, -24.0);
  setup.camera_distance_mm = random.uniform(32.0, 38.0);
  setup.scene.lids.upper_rest_deg -= 15.0;
  setup.motion.lid_swing_deg = 9.0;
  setup.scene.appearance.lashes.length_mm = 9.5;
  setup.scene.appearance.lashes.upper_count = 110;
  setup.scene.appearance.lashes.lower_count = 80;
  setup.scene.appearance.lashes.droop = random.uniform(0.35, 0.55);
}

void lashes(ScenarioSetup& setup, Random& random) {
  LashStyle& style = setup.scene.appearance.lashes;
  style.upper_count = 190;
  style.lower_count = 70;
  style.length_mm = random.uniform(9.0, 11.0);
  style.thickness_mm = 0.10;
  style.droop = random.uniform(0.70, 0.90);
  style.clumping = random.uniform(0.5, 0.8);
  setup.scene.lids.upper_rest_deg -= 13.0;
  setup.motion.lid_swing_deg = 9.0;
}

void droopy(ScenarioSetup& setup, Random& random) {
  small_camera(setup, random);
  setup.scene.lids.upper_rest_deg -= random.uniform(14.0, 17.0);
  setup.motion.lid_swing_deg = 7.0;
  setup.scene.lids.squint = random.uniform(0.1, 0.3);
  setup.scene.appearance.lashes.droop = random.uniform(0.4, 0.6);
  setup.scene.appearance.lashes.length_mm = 9.0;
  setup.motion.blink_interval_s = 3.0;
}

void low_contrast(ScenarioSetup& setup, Random& random) {
  setup.scene.appearance.iris_albedo = random.uniform(0.24, 0.30);
  setup.scene.appearance.contrast = random.uniform(0.28, 0.36);
  setup.scene.appearance.exposure *= 1.25;
  setup.scene.sensor.read_noise_gray = 2.5;
  setup.scene.sensor.shot_noise_gray = 4.0;
}

void glasses(ScenarioSetup& setup, Random& random) {
  setup.scene.appearance.glasses = random.uniform(0.8, 1.1);
  setup.scene.appearance.led_count = 2;
  setup.scene.appearance.window_reflection = random.uniform(0.10, 0.25);
  setup.scene.lids.upper_rest_deg -= random.uniform(13.0, 16.0);
  setup.motion.lid_swing_deg = 9.0;
}

void window(ScenarioSetup& setup, Random& random) {
  setup.scene.appearance.window_reflection = random.uniform(0.30, 0.50);
  setup.scene.appearance.led_count = 2;
  setup.scene.appearance.light_gradient = random.uniform(0.7, 1.0);
  setup.scene.appearance.light_direction_rad = random.uniform(0.0, 6.28);
}

void slippage(ScenarioSetup& setup, Random& random) {
  setup.motion.slip_interval_s = 3.0;
  setup.motion.slip_mm = random.uniform(1.2, 2.5);
  setup.motion.slip_deg = random.uniform(0.8, 2.0);
}

void dilation(ScenarioSetup& setup, Random& random) {
  setup.motion.pupil_radius_mm = 2.4;
  setup.motion.dilation_mm = random.uniform(1.1, 1.3);
  setup.motion.dilation_period_s = 6.0;
}

void blinks(ScenarioSetup& setup, Random& random) {
  setup.motion.first_blink_s = random.uniform(0.7, 1.2);
  setup.motion.blink_interval_s = 1.6;
}

void pursuit(ScenarioSetup& setup, Random&) { setup.motion.gaze.kind = GazePlan::Kind::pursuit; }

void noisy_far(ScenarioSetup& setup, Random& random) {
  small_camera(setup, random);
  setup.camera_distance_mm = random.uniform(54.0, 60.0);
  setup.scene.appearance.exposure *= 0.75;
  setup.scene.sensor.read_noise_gray = 6.0;
  setup.scene.sensor.shot_noise_gray = 7.0;
  setup.scene.sensor.defocus_sigma_px = 0.9;
  setup.scene.sensor.jpeg_quality = 70;
}

/// People as they come: everything varies, and a good lens is not to be had for every camera.
void subjects(ScenarioSetup& setup, Random& random) {
  if (random.uniform() < 0.4) small_camera(setup, random);
  setup.camera_distance_mm = random.uniform(25.0, 60.0);
  setup.camera_azimuth_deg = random.uniform(-30.0, 30.0);
  setup.camera_elevation_deg = random.uniform(-35.0, 5.0);
  setup.scene.camera.distortion = {random.uniform(-0.12, 0.04), random.uniform(-0.02, 0.02), 0.0, 0.0, 0.0};
  setup.scene.lids.upper_rest_deg -= random.uniform(-3.0, 6.0);
  setup.scene.lids.squint = random.uniform(0.0, 0.25);
  setup.scene.appearance.lashes.length_mm = random.uniform(5.0, 10.0);
  setup.scene.appearance.lashes.droop = random.uniform(0.0, 0.6);
  setup.scene.appearance.lashes.upper_count = static_cast<int>(random.uniform(40.0, 120.0));
  setup.scene.appearance.contrast = random.uniform(0.6, 1.0);
  setup.scene.appearance.window_reflection = random.uniform() < 0.3 ? random.uniform(0.1, 0.4) : 0.0;
  setup.scene.appearance.glasses = random.uniform() < 0.2 ? random.uniform(0.3, 0.8) : 0.0;
  setup.scene.sensor.read_noise_gray = random.uniform(0.8, 3.0);
  setup.scene.sensor.shot_noise_gray = random.uniform(1.0, 4.0);
  setup.scene.sensor.defocus_sigma_px = random.uniform(0.5, 1.4);
  setup.motion.blink_interval_s = 4.0;
  setup.motion.pupil_radius_mm = random.uniform(1.2, 3.2);
}

struct Scenario {
  ScenarioInfo info;
  Change change;
};

constexpr std::array list{
    Scenario{{"paper",
              "the setting of the published tables: gaze somewhere else in each frame, all over +-25 "
              "degrees, a camera 14 to 26 degrees below, lids and lashes, a refracting cornea",
              100},
             paper},
    Scenario{{"paper-no-cornea", "the same without refraction: what the four published stages assume", 100},
             paper_no_cornea},
    Scenario{{"easy", "open eye, curled lashes, camera nearly in front, little noise", 300}, easy},
    Scenario{{"off-axis", "camera 40 to 55 degrees off, heavy lashes between it and the pupil", 300},
             off_axis},
    Scenario{{"lashes", "long, clumped lashes that hang over the pupil", 300}, lashes},
    Scenario{{"droopy", "drooping, squinting lids, 320x240, blinks", 300}, droopy},
    Scenario{{"low-contrast", "dark iris, a third of the contrast, noise", 300}, low_contrast},
    Scenario{{"glasses", "spectacle ghosts, a veil across the eye, a window, lids lowered", 300}, glasses},
    Scenario{{"window", "a window mirrored in the cornea, two LEDs, light from one side", 300}, window},
    Scenario{{"slippage", "the headset slips by 1 to 3 mm and 1 to 2 degrees every few seconds", 300},
             slippage},
    Scenario{{"dilation", "the pupil's radius swings between 1.1 and 3.7 mm", 300}, dilation},
    Scenario{{"blinks", "a blink every 1.6 s", 300}, blinks},
    Scenario{{"pursuit", "smooth pursuit of a moving target", 300}, pursuit},
    Scenario{{"noisy-far", "far away, 320x240, dark, heavy noise, JPEG", 300}, noisy_far},
    Scenario{{"subjects", "people, cameras and mountings as they come: another in each seed; lens distortion",
              300},
             subjects},
};

constexpr auto infos = [] {
  std::array<ScenarioInfo, list.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = list[i].info;
  return out;
}();

}  // namespace

std::span<const ScenarioInfo> scenarios() { return infos; }

const ScenarioInfo* find_scenario(std::string_view name) {
  const auto found =
      std::find_if(infos.begin(), infos.end(), [&](const auto& info) { return info.name == name; });
  return found == infos.end() ? nullptr : &*found;
}

ScenarioSetup set_up_scenario(const ScenarioInfo& scenario, std::uint64_t seed, EyeSide side) {
  Random random(scramble(seed ^ 0x5CE7A210ULL));
  ScenarioSetup setup;
  Scene& scene = setup.scene;
  scene.eye = sample_anatomy(seed, true);
  scene.nose_at_image_right = true;
  use_camera(setup, random.uniform(580.0, 680.0), 640, 480);
  setup.camera_distance_mm = random.uniform(36.0, 44.0);
  setup.camera_azimuth_deg = random.uniform(-15.0, 15.0);
  setup.camera_elevation_deg = random.uniform(-25.0, -8.0);
  Appearance& look = scene.appearance;
  look.iris_albedo = random.uniform(0.30, 0.62);  // dark and light irises in infrared
  look.iris_contrast = random.uniform(0.7, 1.4);
  look.skin_albedo = random.uniform(0.42, 0.66);
  look.sclera_albedo = random.uniform(0.58, 0.74);
  look.gloss = random.uniform(0.2, 0.8);
  look.exposure = random.uniform(1.25, 1.65);
  look.light_gradient = random.uniform(0.0, 0.4);
  look.light_direction_rad = random.uniform(0.0, 6.28);
  look.led_count = random.uniform() < 0.5 ? 1 : 2;
  look.lashes.length_mm = random.uniform(6.5, 8.5);
  look.lashes.droop = random.uniform(0.0, 0.2);
  scene.lids.upper_rest_deg += random.uniform(-1.5, 1.5);
  scene.lids.lower_rest_deg += random.uniform(-1.5, 1.5);
  scene.sensor.defocus_sigma_px = random.uniform(0.6, 1.2);
  scene.sensor.read_noise_gray = random.uniform(1.2, 2.2);
  scene.sensor.shot_noise_gray = random.uniform(1.5, 3.0);
  setup.motion.pupil_radius_mm = random.uniform(1.5, 2.6);
  setup.motion.gaze.fixation_mean_s = 0.30;
  const auto entry = std::find_if(list.begin(), list.end(), [&](const Scenario& candidate) {
    return candidate.info.name == scenario.name;
  });
  entry->change(setup, random);
  if (side == EyeSide::left) {
    scene.nose_at_image_right = false;
    scene.eye.kappa_horizontal_deg = -scene.eye.kappa_horizontal_deg;
    setup.camera_azimuth_deg = -setup.camera_azimuth_deg;
  }
  place_camera(scene, setup.camera_distance_mm, setup.camera_azimuth_deg, setup.camera_elevation_deg);
  scene.pupil_radius_mm = setup.motion.pupil_radius_mm;
  return setup;
}

SimulationControls controls_of(const ScenarioSetup& setup) {
  SimulationControls controls;
  controls.pupil_radius_mm = setup.motion.pupil_radius_mm;
  const double ahead = -direction_in_head(setup.camera_azimuth_deg, setup.camera_elevation_deg).z();
  controls.off_axis_deg = std::acos(std::clamp(ahead, -1.0, 1.0)) / rad_per_deg;
  return controls;
}

}  // namespace yarbus::simulation
