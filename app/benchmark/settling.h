#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "app/benchmark/coverage.h"
#include "app/benchmark/curve_lines.h"

namespace yarbus::benchmark {

/// A gaze error is judged by its mean over the half second up to now: one frame's noise is not the model's.
constexpr double running_window_s = 0.5;

/// The mean gaze error over the frames of the last `running_window_s`, at each frame, deg. NaN as long as one
/// of them has no pose.
std::vector<double> running_error_deg(FrameSpan frames);

/// How long after `from_s` the running error goes below `limit_deg` and stays there to the end of the
/// frames. nullopt: it is not below at the end, or there is no frame after `from_s`.
std::optional<double> settled_after_s(FrameSpan frames, const std::vector<double>& running_deg, double from_s,
                                      double limit_deg);

/// One limit on the error and the time allowed for getting below it.
struct SettlingFigure {
  double limit_deg = 1.0;
  double within_s = 3.0;
  std::size_t subjects = 0;
  std::size_t in_time = 0;  ///< subjects below the limit for good within the time
  std::size_t never = 0;    ///< not below at the end
  double median_s = 0.0;    ///< of the times, never = infinite (JSON: null)
  double ninety_s = 0.0;    ///< 90 % of the subjects take no longer
  [[nodiscard]] double share() const {
    return subjects > 0 ? static_cast<double>(in_time) / static_cast<double>(subjects) : 0.0;
  }
};
SettlingFigure settling_of(const std::vector<std::optional<double>>& settled_s, double limit_deg,
                           double within_s);

/// The running errors of several subjects over time, x from `from_s`: the value that half, and that nine
/// tenths, of them keep. A subject without a pose at a time counts as worse than any.
struct ErrorCourse {
  Line median;
  Line ninety;
};
ErrorCourse error_course(const std::vector<FrameSpan>& subjects, double from_s, double to_s, double step_s);

}  // namespace yarbus::benchmark
