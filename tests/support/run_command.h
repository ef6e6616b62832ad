#pragma once

#include <string>
#include <vector>

namespace yarbus::test {

struct CommandOutcome {
  int exit_code = -1;  ///< -signal if a signal ended it
  std::string standard_output;
  std::string standard_error;
};

/// Runs a program and waits for it. With `interrupt_after_s`, sends SIGINT that long after the start.
CommandOutcome run_command(const std::vector<std::string>& arguments, double interrupt_after_s = 0.0);

}  // namespace yarbus::test
