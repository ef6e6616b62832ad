#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

}  // namespace yarbus::simulation
