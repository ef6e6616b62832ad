#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "app/benchmark/model_follow.h"

namespace yarbus::benchmark {

/// How often the truth lies in the stated gaze region of a share.
struct CoverageAt {
  double stated = 0.0;    ///< share of the region, 0..1
  double observed = 0.0;  ///< share of the frames; NaN for none
  /// Of `observed`, over the subjects, which are independent where the frames of one are not.
  double standard_error = 0.0;
};

/// Do the stated regions hold the truth as often as they say? A frame that states nothing counts as one whose
/// region does not hold it.
struct Coverage {
  std::size_t subjects = 0;  ///< with such frames
  std::size_t frames = 0;
  std::size_t without_statement = 0;
  CoverageAt at_68;
  CoverageAt at_95;
  std::vector<CoverageAt> curve;  ///< in steps of 5 %, and 99 %
  double median_68_deg = 0.0;     ///< of the stated half-angles; NaN for none
};

/// Frames of one subject within a span of time.
using FrameSpan = std::span<const FollowedFrame>;

/// Of the frames of several subjects, one span each.
Coverage coverage_of(const std::vector<FrameSpan>& subjects);

/// The frames of `frames` (rising time) from `from_s` (inclusive) to `to_s` (exclusive).
FrameSpan frames_between(FrameSpan frames, double from_s, double to_s);

}  // namespace yarbus::benchmark
