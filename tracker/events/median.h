#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace yarbus {

/// The middle value (the upper one of an even count); sorts `values` half. There must be one.
inline double median_in_place(std::span<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace yarbus
