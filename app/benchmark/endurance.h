#pragma once

#include <cstddef>
#include <vector>

#include "app/benchmark/coverage.h"

namespace yarbus::benchmark {

/// A whole second at a time. It diverges when, later than `endurance_grace_s` after the start and after each
/// slip, a second's mean error is above `divergence_deg`, or a second goes by without any pose.
constexpr double divergence_deg = 5.0;
constexpr double endurance_grace_s = 5.0;
/// The worst second is looked for from here on: learning has its own figures.
constexpr double endurance_learning_s = 3.0;

/// What a long course with slips gave, for one subject.
struct Endurance {
  std::size_t frames = 0;
  std::size_t without_pose = 0;
  double mean_deg = 0.0;          ///< over all frames with a pose, the first included; NaN for none
  double worst_second_deg = 0.0;  ///< highest mean over one second, slips included; NaN: none has a pose
  bool has_diverged = false;
};

/// `slips_s`: when each slip begins.
Endurance endurance_of(FrameSpan frames, const std::vector<double>& slips_s);

}  // namespace yarbus::benchmark
