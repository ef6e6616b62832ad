#include "app/benchmark/times.h"

#include "app/session/percentiles.h"

namespace yarbus::benchmark {

std::optional<Times> times_of(std::vector<std::chrono::nanoseconds> durations) {
  if (durations.empty()) return std::nullopt;
  const auto ms = [](std::chrono::nanoseconds duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
  };
  const Percentiles percentiles = percentiles_of(durations);  // leaves them ascending
  return Times{durations.size(), ms(percentiles.p50), ms(percentiles.p95), ms(percentiles.p99),
               ms(durations.back())};
}

}  // namespace yarbus::benchmark
