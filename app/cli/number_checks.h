#pragma once

#include <cstdint>
#include <limits>

#include <CLI/CLI.hpp>

namespace yarbus::cli {

/// For `transform` of an option: a decimal whole number from `least` to `most`, every digit of it, else a
/// message of one line.
CLI::Validator whole_number(std::uint64_t least,
                            std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

/// For `check` of an option: a finite number above 0. `unit` stands in the help, as in "PX>0".
CLI::Validator number_above_zero(const char* unit);

}  // namespace yarbus::cli
