#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace yarbus::benchmark {

/// What the figures were measured on.
struct Machine {
  std::string cpu;  ///< the model's name, "unknown" if the system does not say
  unsigned cores = 0;
};
Machine this_machine();

/// The most memory this process has held so far (resident, with its libraries); nullopt if unknown.
std::optional<std::uint64_t> peak_memory_bytes();

/// What it holds now, likewise.
std::optional<std::uint64_t> resident_memory_bytes();

/// How a report begins: "# Speed of Yarbus 1.2", the command, and the machine; without a full stop.
std::string report_heading(const std::string& what, const std::string& version, const std::string& command,
                           const Machine& machine);

/// "123 MiB", or "not measurable".
std::string memory_text(const std::optional<std::uint64_t>& bytes);

}  // namespace yarbus::benchmark
