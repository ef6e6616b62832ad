#pragma once

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace yarbus::cli {

/// The arguments of `yarbus sessions`.
struct SessionsArguments {
  enum class Task : std::uint8_t { list, repair, trash } task = Task::list;
  std::string folder;  ///< list: that holds sessions; else a session's own
  std::string search;  ///< list
};

/// Adds the subcommand; what it was given is in `arguments` after parsing.
CLI::App* add_sessions(CLI::App& app, SessionsArguments& arguments);

/// Runs it: results on standard output, errors on standard error. Returns the exit code.
int run_sessions(const SessionsArguments& arguments);

}  // namespace yarbus::cli
