#include "app/benchmark/settling.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace yarbus::benchmark {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double ninety = 0.9;

/// The smallest value that at least `share` of them do not exceed; may be infinite.
double nearest_rank(std::vector<double> values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(share * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

}  // namespace

std::vector<double> running_error_deg(FrameSpan frames) {
  std::vector<double> means;
  means.reserve(frames.size());
  std::size_t first = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    while (frames[first].time_s <= frames[i].time_s - running_window_s) ++first;
    double sum = 0.0;
    for (std::size_t k = first; k <= i; ++k) sum += frames[k].gaze_error_deg;
    means.push_back(sum / static_cast<double>(i - first + 1));
  }
  return means;
}

std::optional<double> settled_after_s(FrameSpan frames, const std::vector<double>& running_deg, double from_s,
                                      double limit_deg) {
  if (frames.empty() || frames.back().time_s < from_s) return std::nullopt;
  std::size_t first_good = frames.size();
  while (first_good > 0 && running_deg[first_good - 1] < limit_deg &&
         frames[first_good - 1].time_s >= from_s) {
    --first_good;
  }
  if (first_good == frames.size()) return std::nullopt;
  return frames[first_good].time_s - from_s;
}

SettlingFigure settling_of(const std::vector<std::optional<double>>& settled_s, double limit_deg,
                           double within_s) {
  SettlingFigure figure;
  figure.limit_deg = limit_deg;
  figure.within_s = within_s;
  figure.subjects = settled_s.size();
  std::vector<double> times;
  for (const auto& time : settled_s) {
    figure.in_time += time && *time <= within_s ? 1 : 0;
    figure.never += time ? 0 : 1;
    times.push_back(time.value_or(infinite));
  }
  figure.median_s = nearest_rank(times, 0.5);
  figure.ninety_s = nearest_rank(times, ninety);
  return figure;
}

ErrorCourse error_course(const std::vector<FrameSpan>& subjects, double from_s, double to_s, double step_s) {
  ErrorCourse course;
  std::vector<std::vector<double>> running;
  for (const FrameSpan& subject : subjects) running.push_back(running_error_deg(subject));
  for (double time_s = from_s; time_s < to_s; time_s += step_s) {
    std::vector<double> errors;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      const FrameSpan near = frames_between(subjects[i], time_s, time_s + step_s);
      if (near.empty()) continue;
      const double error_deg = running[i][static_cast<std::size_t>(near.data() - subjects[i].data())];
      errors.push_back(std::isfinite(error_deg) ? error_deg : infinite);
    }
    for (const auto& [line, share] : {std::pair(&course.median, 0.5), std::pair(&course.ninety, ninety)}) {
      line->x.push_back(time_s - from_s);
      line->y.push_back(nearest_rank(errors, share));
    }
  }
  return course;
}

}  // namespace yarbus::benchmark
