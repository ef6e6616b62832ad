#include "app/session/percentiles.h"

#include <algorithm>
#include <cmath>

namespace yarbus {

Percentiles percentiles_of(std::vector<std::chrono::nanoseconds>& durations) {
  if (durations.empty()) return {};
  std::sort(durations.begin(), durations.end());
  const auto at = [&](double fraction) {
    const auto rank = static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(durations.size())));
    return durations[std::clamp<std::size_t>(rank, 1, durations.size()) - 1];
  };
  return {at(0.50), at(0.95), at(0.99)};
}

}  // namespace yarbus
