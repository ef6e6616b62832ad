#include "eyemodel/simulation/face/face_setup.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "eyemodel/simulation/random.h"

namespace yarbus::simulation {
namespace {

using Change = void (*)(FaceSetup&, Random&);

void as_it_is(FaceSetup&, Random&) {}

void moving(FaceSetup& setup, Random& random) {
  setup.motion = {10.0, 5.0, 4.0, 30.0, random.uniform(7.0, 11.0), 0.0, 0.0};
}

void glasses(FaceSetup& setup, Random&) {
  setup.has_glasses = true;
  setup.lens_transmission = 0.92;
}

void dim(FaceSetup& setup, Random& random) {
  for (Lamp& lamp : setup.light.lamps) lamp.strength *= 0.25F;
  setup.light.from_above *= 0.5F;
  setup.light.window.radiance = 0.0;
  setup.exposure = random.uniform(0.22, 0.30);
  setup.read_noise_gray = 3.0;
  setup.shot_noise_gray = 5.0;
  setup.jpeg_quality = 75;
}

void side_light(FaceSetup& setup, Random& random) {
  const float side = random.uniform() < 0.5 ? -1.0F : 1.0F;
  setup.light.lamps = {{Eigen::Vector3f(0.92F * side, -0.15F, -0.36F).normalized(), 1.9F, 0.12F}};
  setup.light.from_above = 0.30F;
  setup.light.from_below = 0.18F;
  setup.light.window.towards_in_cam = setup.light.lamps[0].towards_in_cam.cast<double>();
  setup.light.window.radiance = 12.0;
}

void sunglasses(FaceSetup& setup, Random&) {
  setup.has_glasses = true;
  setup.lens_transmission = 0.06;
}

void hand(FaceSetup& setup, Random&) { setup.has_hand = true; }
void six(FaceSetup& setup, Random&) { setup.faces = 6; }
void photo(FaceSetup& setup, Random&) { setup.is_photo = true; }
void none(FaceSetup& setup, Random&) { setup.faces = 0; }
void exposure(FaceSetup& setup, Random&) { setup.exposure_hunt = 0.6; }
void mirror(FaceSetup& setup, Random&) { setup.is_mirrored = true; }
void distant(FaceSetup& setup, Random&) { setup.distance_factor = 5.0; }
void turned(FaceSetup& setup, Random& random) {
  setup.motion.turn_away_deg = random.uniform() < 0.5 ? -60.0 : 60.0;
}
void leaves(FaceSetup& setup, Random& random) {
  setup.motion.leave_mm = random.uniform() < 0.5 ? -650.0 : 650.0;
}

struct Scenario {
  ScenarioInfo info;
  Change change;
};

constexpr std::array list{
    Scenario{
        {"face-still", "a face that keeps still as people do: targets of a calibration, then of a test", 900},
        as_it_is},
    Scenario{{"face-moving",
              "the same while the head turns by 10 degrees and shifts by 30 mm, also in fixations", 900},
             moving},
    Scenario{{"face-glasses", "spectacles with the screen's mirror image in them", 900}, glasses},
    Scenario{{"face-dim", "an evening with the screen as the only near light: dark, noisy", 900}, dim},
    Scenario{{"face-side-light", "a window right beside a dark room: half of the face is in shadow", 900},
             side_light},
    Scenario{{"face-sunglasses", "dark glasses: a face whose eyes cannot be seen", 300}, sunglasses},
    Scenario{{"face-hand", "a hand covers one eye from the third second on, three seconds in every six", 300},
             hand},
    Scenario{{"face-six", "six faces, one of them near", 300}, six},
    Scenario{{"face-photo", "a photograph of a face: no blink, no eye movement", 600}, photo},
    Scenario{{"face-none", "a room without anybody", 150}, none},
    Scenario{{"face-exposure", "the camera's exposure hunts up and down by 60 %", 900}, exposure},
    Scenario{{"face-mirror", "a mirror image, as some cameras give", 900}, mirror},
    Scenario{{"face-far", "a face too far away for its irises to be measured", 300}, distant},
    Scenario{{"face-turned", "turns away by 60 degrees and comes back, every 8 s", 480}, turned},
    Scenario{{"face-leaves", "leaves the image and comes back, every 8 s", 480}, leaves},
};

constexpr auto infos = [] {
  std::array<ScenarioInfo, list.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = list[i].info;
  return out;
}();

}  // namespace

std::span<const ScenarioInfo> face_scenarios() { return infos; }

const ScenarioInfo* find_face_scenario(std::string_view name) {
  const auto found =
      std::find_if(infos.begin(), infos.end(), [&](const auto& info) { return info.name == name; });
  return found == infos.end() ? nullptr : &*found;
}

FaceSetup set_up_face(const ScenarioInfo& scenario, std::uint64_t seed) {
  Random random(scramble(seed ^ 0x5E770FACEULL));
  FaceSetup setup;
  FaceLight& light = setup.light;
  light.from_above = static_cast<float>(random.uniform(0.30, 0.50));
  light.from_below = static_cast<float>(random.uniform(0.14, 0.24));
  // A window to one side, a lamp above, the screen in front.
  const float side = random.uniform() < 0.5 ? -1.0F : 1.0F;
  const auto sideways = static_cast<float>(random.uniform(0.4, 0.9));
  const Eigen::Vector3f window = Eigen::Vector3f(side * sideways, -0.30F, -0.65F).normalized();
  light.lamps.push_back({window, static_cast<float>(random.uniform(0.25, 0.55)), 0.35F});
  light.lamps.push_back({Eigen::Vector3f(-0.3F * side, -0.85F, -0.45F).normalized(),
                         static_cast<float>(random.uniform(0.2, 0.4)), 0.15F});
  light.lamps.push_back({Eigen::Vector3f(0.0F, 0.12F, -1.0F).normalized(),
                         static_cast<float>(random.uniform(0.15, 0.3)), 0.3F});
  light.window.towards_in_cam = window.cast<double>();
  light.window.half_width_rad = random.uniform(0.10, 0.22);
  light.window.half_height_rad = random.uniform(0.15, 0.30);
  light.window.radiance = random.uniform(3.0, 10.0);
  light.screen_radiance = random.uniform(0.4, 1.0);
  setup.defocus_factor = random.uniform(0.85, 1.2);
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const Scenario& each) { return each.info.name == scenario.name; });
  if (found != list.end()) found->change(setup, random);
  return setup;
}

}  // namespace yarbus::simulation
