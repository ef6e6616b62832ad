#pragma once

#include <nlohmann/json.hpp>

#include "app/benchmark/accuracy.h"

namespace yarbus::benchmark {

/// The run as JSON: the figures of the tables by group and stage. Absent: null. NaN cannot be written in
/// JSON: it is null too, and `not_finite` beside it says how many values it stands for.
nlohmann::json accuracy_json(const AccuracyResult& result);

}  // namespace yarbus::benchmark
