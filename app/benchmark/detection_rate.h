#pragma once

#include <cstddef>

namespace yarbus::benchmark {

/// Share of frames with a found pupil.
struct DetectionRate {
  std::size_t found = 0;
  std::size_t frames = 0;
  void add(bool is_found) {
    ++frames;
    found += is_found ? 1 : 0;
  }
  [[nodiscard]] double share() const {
    return frames > 0 ? static_cast<double>(found) / static_cast<double>(frames) : 0.0;
  }
};

struct VisibilityBin {
  double from = 0.0;  ///< inclusive
  double to = 1.0;    ///< exclusive, but for the last
  DetectionRate rate;
};

}  // namespace yarbus::benchmark
