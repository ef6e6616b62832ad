#include "app/stream/stream_clock.h"

#include <cmath>

namespace yarbus {

bool StreamClock::set_now(double now_s) {
  constexpr double latest_s = 1e15;
  if (!std::isfinite(now_s) || std::abs(now_s) > latest_s) return false;
  offset_s_ = now_s - steady_s(steady_now());
  return true;
}

std::optional<CaptureTime> StreamClock::capture_time_of(double time_s) const {
  constexpr double longest_s = 9e9;  // what nanoseconds can hold
  const double steady = time_s - offset_s_;
  if (!std::isfinite(steady) || std::abs(steady) > longest_s) return std::nullopt;
  return std::chrono::nanoseconds(std::llround(steady * 1e9)) - shift();
}

}  // namespace yarbus
