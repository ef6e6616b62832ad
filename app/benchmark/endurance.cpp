#include "app/benchmark/endurance.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace yarbus::benchmark {
namespace {

/// Mean gaze error of the frames with a pose; NaN for none.
double mean_error_deg(FrameSpan frames) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const FollowedFrame& frame : frames) {
    if (!std::isfinite(frame.gaze_error_deg)) continue;
    sum += frame.gaze_error_deg;
    ++count;
  }
  return sum / static_cast<double>(count);
}

bool is_in_grace(double second_s, const std::vector<double>& slips_s) {
  return second_s < endurance_grace_s || std::any_of(slips_s.begin(), slips_s.end(), [&](double slip_s) {
           return second_s + 1.0 > slip_s && second_s < slip_s + endurance_grace_s;
         });
}

}  // namespace

Endurance endurance_of(FrameSpan frames, const std::vector<double>& slips_s) {
  Endurance endurance;
  endurance.frames = frames.size();
  endurance.without_pose =
      static_cast<std::size_t>(std::count_if(frames.begin(), frames.end(), [](const FollowedFrame& frame) {
        return !std::isfinite(frame.gaze_error_deg);
      }));
  endurance.mean_deg = mean_error_deg(frames);
  endurance.worst_second_deg = std::numeric_limits<double>::quiet_NaN();
  const double end_s = frames.empty() ? 0.0 : frames.back().time_s;
  for (double second_s = 0.0; second_s < end_s; second_s += 1.0) {
    const FrameSpan second = frames_between(frames, second_s, second_s + 1.0);
    if (second.empty()) continue;  // no outline to follow
    const double mean_deg = mean_error_deg(second);
    if (second_s >= endurance_learning_s)
      endurance.worst_second_deg = std::fmax(endurance.worst_second_deg, mean_deg);
    const bool is_bad = !(mean_deg <= divergence_deg);
    endurance.has_diverged = endurance.has_diverged || (is_bad && !is_in_grace(second_s, slips_s));
  }
  return endurance;
}

}  // namespace yarbus::benchmark
