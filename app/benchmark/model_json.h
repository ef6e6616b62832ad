#pragma once

#include <nlohmann/json.hpp>

#include "app/benchmark/model.h"

namespace yarbus::benchmark {

/// The same as the tables, and the curves behind the pictures. A part that was not run is null.
nlohmann::json model_json(const ModelResult& result);

}  // namespace yarbus::benchmark
