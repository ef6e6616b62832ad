#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "eyemodel/simulation/eye_motion.h"
#include "eyemodel/simulation/scene.h"
#include "eyemodel/types/frames.h"
#include "eyemodel/types/simulation_controls.h"

namespace yarbus::simulation {

/// A named kind of recording: who, where the camera is, how the eye moves and what makes it hard. One seed is
/// one subject with one camera; the same name and seed always give the same frames.
struct ScenarioInfo {
  std::string_view name;
  std::string_view summary;  ///< one line for people: what it shows and what is hard about it
  int default_frames = 100;
};

/// All of them, in the order in which they are listed.
std::span<const ScenarioInfo> scenarios();
/// nullptr if there is none of that name.
const ScenarioInfo* find_scenario(std::string_view name);

/// One subject of a scenario before one camera.
struct ScenarioSetup {
  Scene scene;  ///< at rest: what the motion then changes
  MotionPlan motion;
  double rate_hz = 30.0;
  double exposure_s = 0.004;
  // Where the camera stands, seen from the eye: for moving it.
  double camera_distance_mm = 40.0;
  double camera_azimuth_deg = 0.0;
  double camera_elevation_deg = -15.0;
};

/// Draws subject `seed` of the scenario.
ScenarioSetup set_up_scenario(const ScenarioInfo& scenario, std::uint64_t seed, EyeSide side);

/// What the scenario itself has, as a start for changing it.
SimulationControls controls_of(const ScenarioSetup& setup);

}  // namespace yarbus::simulation
