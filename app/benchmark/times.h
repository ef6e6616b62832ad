#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace yarbus::benchmark {

/// How long one thing took, over its runs; nearest ranks.
struct Times {
  std::size_t runs = 0;
  double p50_ms = 0.0;
  double p95_ms = 0.0;
  double p99_ms = 0.0;
  double max_ms = 0.0;
};

/// nullopt for no durations.
std::optional<Times> times_of(std::vector<std::chrono::nanoseconds> durations);

}  // namespace yarbus::benchmark
