#pragma once

#include <chrono>

namespace yarbus {

/// Monotonic capture time. Live sources: std::chrono::steady_clock since its epoch. Files, folders: since the
/// first frame.
using CaptureTime = std::chrono::nanoseconds;

}  // namespace yarbus
