#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "eyemodel/simulation/face/face_light.h"
#include "eyemodel/simulation/scenario.h"

namespace yarbus::simulation {

/// All scenarios of the simulated face, in the order in which they are listed.
std::span<const ScenarioInfo> face_scenarios();
/// nullptr if there is none of that name.
const ScenarioInfo* find_face_scenario(std::string_view name);
/// The name is one of a face's scenarios, or was meant to be: they all begin with "face-".
constexpr bool names_face(std::string_view name) { return name.starts_with("face-"); }

/// How a head moves. Amplitudes of slow, smooth turns and shifts about its seat.
struct HeadMotion {
  double yaw_deg = 0.8;
  double pitch_deg = 0.6;
  double roll_deg = 0.5;
  double shift_mm = 2.0;
  double period_s = 9.0;
  double turn_away_deg = 0.0;  ///< turns that far to the side and comes back, over and over
  double leave_mm = 0.0;       ///< goes that far to the side and comes back, over and over
};

/// What a scenario is made of.
struct FaceSetup {
  HeadMotion motion;
  FaceLight light;  ///< but for what depends on the screen's place
  double distance_factor = 1.0;
  int faces = 1;
  bool is_photo = false;     ///< nothing moves
  bool is_mirrored = false;  ///< the image's left and right are exchanged
  bool has_glasses = false;
  double lens_transmission = 1.0;  ///< of the glasses
  bool has_hand = false;           ///< over one eye, from a time on
  double exposure = 1.0;
  double exposure_hunt = 0.0;  ///< share by which the exposure swings
  double read_noise_gray = 1.0;
  double shot_noise_gray = 1.6;  ///< of white
  double defocus_factor = 1.0;
  int jpeg_quality = 88;
};

/// Draws what varies from person to person in a scenario.
FaceSetup set_up_face(const ScenarioInfo& scenario, std::uint64_t seed);

}  // namespace yarbus::simulation
