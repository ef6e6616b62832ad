#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace yarbus::cli {

/// The arguments of `yarbus benchmark calibration`. Absent: the default of the size.
struct CalibrationArguments {
  std::optional<std::size_t> subjects;
  std::optional<std::size_t> outline_subjects;
  std::uint64_t first_seed = 1;
  std::string fault = "none";
  std::string points;  ///< "5", "9", "13" or "moving"
  bool is_quick = false;
  std::string out_path;  ///< a folder, or a .json or .md file; empty: print only
  std::string command;   ///< as typed, for the report
};

/// Adds `calibration` to `benchmark`.
CLI::App* add_benchmark_calibration(CLI::App& benchmark_app, const std::string& footer,
                                    CalibrationArguments& arguments);

/// Runs it: tables on standard output, progress and errors on standard error. Returns the exit code.
int run_benchmark_calibration(const CalibrationArguments& arguments);

}  // namespace yarbus::cli
