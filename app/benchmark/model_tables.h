#pragma once

#include <string>

#include "app/benchmark/model.h"

namespace yarbus::benchmark {

/// The whole report; a part that was not run is left out.
std::string model_markdown(const ModelResult& result);

}  // namespace yarbus::benchmark
