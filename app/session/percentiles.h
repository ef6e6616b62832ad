#pragma once

#include <chrono>
#include <vector>

#include "app/session/session.h"

namespace yarbus {

/// p50, p95 and p99 of the durations (nearest rank); zeros if there are none. Reorders its argument.
Percentiles percentiles_of(std::vector<std::chrono::nanoseconds>& durations);

}  // namespace yarbus
