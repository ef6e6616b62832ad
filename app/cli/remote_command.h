#pragma once

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace yarbus::cli {

/// The arguments of `yarbus remote`.
struct RemoteArguments {
  enum class Task : std::uint8_t { start, stop, calibrate, recentre, annotate } task = Task::start;
  std::string address = "tcp://127.0.0.1:50020";
  double timeout_s = 5.0;
  std::string text;  ///< start: the session's name; annotate: the mark
};

/// Adds the subcommand; what it was given is in `arguments` after parsing.
CLI::App* add_remote(CLI::App& app, RemoteArguments& arguments);

/// Asks the program that runs: errors on standard error. Returns the exit code.
int run_remote(const RemoteArguments& arguments);

}  // namespace yarbus::cli
