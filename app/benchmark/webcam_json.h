#pragma once

#include <nlohmann/json.hpp>

#include "app/benchmark/webcam.h"

namespace yarbus::benchmark {

/// The result as JSON, `kind` "yarbus webcam".
nlohmann::json webcam_json(const WebcamResult& result);

}  // namespace yarbus::benchmark
