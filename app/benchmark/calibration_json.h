#pragma once

#include <nlohmann/json.hpp>

#include "app/benchmark/calibration.h"

namespace yarbus::benchmark {

/// Summaries and every subject's own figures. What is absent is null.
nlohmann::json calibration_json(const CalibrationResult& result);

}  // namespace yarbus::benchmark
