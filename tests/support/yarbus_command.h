#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/run_command.h"

namespace yarbus::test {

/// Runs the program that was built, with these arguments. For tests that are given YARBUS_EXECUTABLE.
inline CommandOutcome yarbus_command(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), YARBUS_EXECUTABLE);
  return run_command(arguments);
}

}  // namespace yarbus::test
