#pragma once

#include <nlohmann/json.hpp>

#include "app/benchmark/detection.h"

namespace yarbus::benchmark {

/// The run as JSON: the figures of the tables by set and way. Absent: null. A value that is not finite is
/// null too, and `not_finite` beside it says how many values it stands for.
nlohmann::json detection_json(const DetectionResult& result);

}  // namespace yarbus::benchmark
