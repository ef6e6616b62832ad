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
  // Of a face only.
  std::string size;               ///< "vga", "720p", "1080p", "4k" or "640x480"; empty: 720p
  std::optional<double> rate_hz;  ///< unset: 30
};

/// Explains the scenarios on standard output, or writes a labelled recording. Returns the exit code.
int run_simulate(const SimulateArguments& arguments);

}  // namespace yarbus::cli
