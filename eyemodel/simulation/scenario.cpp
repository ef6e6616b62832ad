#include "eyemodel/simulation/scenario.h"

#include <algorithm>
#include <array>

namespace yarbus::simulation {

std::span<const ScenarioInfo> scenarios() {
  static constexpr std::array list{
      ScenarioInfo{"paper", "one near-eye camera, gaze over +-25 degrees, with a cornea", 100},
      ScenarioInfo{"paper-no-cornea", "the same without refraction", 100},
      ScenarioInfo{"easy", "open eye, short lashes, little noise", 100},
  };
  return list;
}

const ScenarioInfo* find_scenario(std::string_view name) {
  const auto list = scenarios();
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& info) { return info.name == name; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace yarbus::simulation
