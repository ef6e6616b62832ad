#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace yarbus::cli {

/// The arguments of `yarbus viewing`.
struct ViewingArguments {
  std::string session;
  std::string folder;
  std::optional<std::int64_t> analysis;  ///< unset: the newest that has gaze
  double sigma_deg = 1.0;                ///< of the heat maps' Gaussian
};

/// Adds the subcommand; what it was given is in `arguments` after parsing.
CLI::App* add_viewing(CLI::App& app, ViewingArguments& arguments);

/// Runs it: each task's figures on standard output, figures and tables into the folder. Needs a QApplication,
/// but no display. Returns the exit code.
int run_viewing(const ViewingArguments& arguments);

}  // namespace yarbus::cli
