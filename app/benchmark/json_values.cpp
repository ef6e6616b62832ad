#include "app/benchmark/json_values.h"

#include <cmath>

namespace yarbus::benchmark {

using nlohmann::json;

json json_number(double value) {
  if (!std::isfinite(value)) return nullptr;
  constexpr double digits = 1e6;
  return std::round(value * digits) / digits;
}

json json_of(const std::optional<double>& value) { return value ? json_number(*value) : json(nullptr); }

json json_of(const std::optional<std::uint64_t>& value) { return value ? json(*value) : json(nullptr); }

json json_of(const std::optional<Statistics>& statistics) {
  if (!statistics) return nullptr;
  return {{"count", statistics->count},
          {"not_finite", statistics->not_finite},
          {"mean", json_number(statistics->mean)},
          {"sd", json_number(statistics->sd)},
          {"median", json_number(statistics->median)},
          {"p95", json_number(statistics->p95)}};
}

json json_of(const std::optional<DetectionRate>& rate) {
  if (!rate) return nullptr;
  return {{"found", rate->found}, {"frames", rate->frames}, {"share", json_number(rate->share())}};
}

json json_of(const std::vector<VisibilityBin>& bins) {
  json list = json::array();
  for (const VisibilityBin& bin : bins) {
    list.push_back(
        {{"from", bin.from}, {"to", bin.to}, {"found", bin.rate.found}, {"frames", bin.rate.frames}});
  }
  return list;
}

json json_of(const std::optional<Times>& times) {
  if (!times) return nullptr;
  return {{"runs", times->runs},
          {"p50", json_number(times->p50_ms)},
          {"p95", json_number(times->p95_ms)},
          {"p99", json_number(times->p99_ms)},
          {"max", json_number(times->max_ms)}};
}

json json_of(const Machine& machine) { return {{"cpu", machine.cpu}, {"cores", machine.cores}}; }

}  // namespace yarbus::benchmark
