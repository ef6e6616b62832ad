#include "app/benchmark/coverage.h"

#include <algorithm>
#include <cmath>

#include "app/benchmark/statistics.h"

namespace yarbus::benchmark {
namespace {

bool is_held(const FollowedFrame& frame, double share) {
  return frame.region_share <= share;  // false where nothing is stated
}

CoverageAt coverage_at(const std::vector<FrameSpan>& subjects, double share) {
  std::size_t frames = 0;
  std::size_t held = 0;
  std::vector<double> of_subjects;
  for (const FrameSpan& subject : subjects) {
    if (subject.empty()) continue;
    const auto count = static_cast<std::size_t>(std::count_if(
        subject.begin(), subject.end(), [&](const FollowedFrame& frame) { return is_held(frame, share); }));
    held += count;
    frames += subject.size();
    of_subjects.push_back(static_cast<double>(count) / static_cast<double>(subject.size()));
  }
  CoverageAt coverage{share, static_cast<double>(held) / static_cast<double>(frames), 0.0};
  if (const auto statistics = statistics_of(of_subjects))
    coverage.standard_error = standard_error_of_mean(*statistics);
  return coverage;
}

}  // namespace

Coverage coverage_of(const std::vector<FrameSpan>& subjects) {
  Coverage coverage;
  std::vector<double> stated_deg;
  for (const FrameSpan& subject : subjects) {
    coverage.subjects += subject.empty() ? 0 : 1;
    coverage.frames += subject.size();
    for (const FollowedFrame& frame : subject) {
      coverage.without_statement += std::isfinite(frame.region_share) ? 0 : 1;
      if (std::isfinite(frame.stated_68_deg)) stated_deg.push_back(frame.stated_68_deg);
    }
  }
  coverage.at_68 = coverage_at(subjects, 0.68);
  coverage.at_95 = coverage_at(subjects, 0.95);
  constexpr int steps = 20;
  for (int step = 1; step < steps; ++step)
    coverage.curve.push_back(coverage_at(subjects, static_cast<double>(step) / steps));
  coverage.curve.push_back(coverage_at(subjects, 0.99));
  std::sort(stated_deg.begin(), stated_deg.end());
  coverage.median_68_deg = quantile_of(stated_deg, 0.5);
  return coverage;
}

FrameSpan frames_between(FrameSpan frames, double from_s, double to_s) {
  const auto earlier = [](const FollowedFrame& frame, double time_s) { return frame.time_s < time_s; };
  const auto first = std::lower_bound(frames.begin(), frames.end(), from_s, earlier);
  const auto last = std::lower_bound(first, frames.end(), to_s, earlier);
  return {first, last};
}

}  // namespace yarbus::benchmark
