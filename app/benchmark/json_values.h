#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/benchmark/detection_rate.h"
#include "app/benchmark/machine.h"
#include "app/benchmark/statistics.h"
#include "app/benchmark/times.h"

namespace yarbus::benchmark {

/// Rounded to six digits after the point, which are more than any figure has and keep a file readable. A
/// value that is not finite cannot be written in JSON: null.
nlohmann::json json_number(double value);

// Absent: null. The counts stand beside the figures, so that a comparison knows how sure they are.
nlohmann::json json_of(const std::optional<double>& value);
nlohmann::json json_of(const std::optional<std::uint64_t>& value);
nlohmann::json json_of(const std::optional<Statistics>& statistics);
nlohmann::json json_of(const std::optional<DetectionRate>& rate);
nlohmann::json json_of(const std::vector<VisibilityBin>& bins);
nlohmann::json json_of(const std::optional<Times>& times);
nlohmann::json json_of(const Machine& machine);

}  // namespace yarbus::benchmark
