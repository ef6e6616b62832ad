#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

namespace yarbus {

/// Sums of what was read from a file that may be damaged: where the numbers hold no more, the largest or the
/// smallest one.
constexpr std::chrono::nanoseconds safe_sum(std::chrono::nanoseconds a, std::chrono::nanoseconds b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a.count(), b.count(), &sum)) return std::chrono::nanoseconds(sum);
  return b.count() < 0 ? std::chrono::nanoseconds::min() : std::chrono::nanoseconds::max();
}
constexpr std::chrono::nanoseconds safe_difference(std::chrono::nanoseconds a, std::chrono::nanoseconds b) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(a.count(), b.count(), &difference)) return std::chrono::nanoseconds(difference);
  return b.count() > 0 ? std::chrono::nanoseconds::min() : std::chrono::nanoseconds::max();
}

}  // namespace yarbus
