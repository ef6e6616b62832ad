#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace yarbus::cli {

/// The arguments of `yarbus simulate`.
struct SimulateArguments {
  bool is_list = false;
  std::string scenario;
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> frames;  ///< unset: as many as the scenario names
  std::string folder;
};

/// Explains the scenarios on standard output, or writes a labelled recording. Returns the exit code.
int run_simulate(const SimulateArguments& arguments);

}  // namespace yarbus::cli
