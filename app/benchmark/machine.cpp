#include "app/benchmark/machine.h"

#include <fstream>
#include <thread>

#include "app/benchmark/table.h"

namespace yarbus::benchmark {
namespace {

/// The rest of the first line of `path` that starts with `key`, without the blanks and colon after it.
std::optional<std::string> value_in(const char* path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const auto start = line.find_first_not_of(" \t:", key.size());
    if (start != std::string::npos) return line.substr(start);
  }
  return std::nullopt;
}

/// A line of the process's status that is a size: "123456 kB".
std::optional<std::uint64_t> memory_bytes(const char* key) {
  const auto text = value_in("/proc/self/status", key);
  if (!text) return std::nullopt;
  std::uint64_t kib = 0;
  for (const char c : *text) {
    if (c < '0' || c > '9') break;
    kib = kib * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return kib > 0 ? std::optional(kib * 1024) : std::nullopt;
}

}  // namespace

Machine this_machine() {
  return {value_in("/proc/cpuinfo", "model name").value_or("unknown"), std::thread::hardware_concurrency()};
}

std::optional<std::uint64_t> peak_memory_bytes() { return memory_bytes("VmHWM"); }
std::optional<std::uint64_t> resident_memory_bytes() { return memory_bytes("VmRSS"); }

std::string report_heading(const std::string& what, const std::string& version, const std::string& command,
                           const Machine& machine) {
  return "# " + what + " of Yarbus " + version + "\n\n`" + command + "` on " + machine.cpu + ", " +
         std::to_string(machine.cores) + " threads";
}

std::string memory_text(const std::optional<std::uint64_t>& bytes) {
  if (!bytes) return not_measurable;
  return number_text(static_cast<double>(*bytes) / (1024.0 * 1024.0), 0) + " MiB";
}

}  // namespace yarbus::benchmark
