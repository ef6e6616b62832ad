#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace yarbus::cli {

/// The arguments of `yarbus benchmark model`. Absent: the default of the size.
struct ModelArguments {
  std::optional<std::size_t> subjects;
  std::optional<std::size_t> long_subjects;
  std::uint64_t first_seed = 1;
  double sigma_px = 0.2;
  int limbus_points = 0;
  bool is_quick = false;
  bool is_hour = false;
  std::string out_path;  ///< a folder, or a .json or .md file; empty: print only
  std::string command;   ///< as typed, for the report
};

/// Adds `model` to `benchmark`.
CLI::App* add_benchmark_model(CLI::App& benchmark_app, const std::string& footer, ModelArguments& arguments);

/// Runs it: tables on standard output, progress and errors on standard error. Returns the exit code.
int run_benchmark_model(const ModelArguments& arguments, std::function<std::uint64_t()> allocations_so_far);

}  // namespace yarbus::cli
