#pragma once

#include <string>

#include "app/benchmark/calibration.h"

namespace yarbus::benchmark {

/// The tables of `yarbus benchmark calibration` with their words.
std::string calibration_markdown(const CalibrationResult& result);

}  // namespace yarbus::benchmark
