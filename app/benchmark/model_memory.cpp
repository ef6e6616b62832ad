#include "app/benchmark/model_memory.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "eyemodel/types/check.h"

namespace yarbus::benchmark {

MemoryCourse memory_course(std::vector<std::uint64_t> bytes, std::size_t settled_minutes) {
  MemoryCourse course;
  course.bytes = std::move(bytes);
  course.settled_minutes =
      settled_minutes < course.bytes.size() ? std::max<std::size_t>(1, settled_minutes) : 1;
  course.bytes_per_minute = std::numeric_limits<double>::quiet_NaN();
  const std::size_t first = course.settled_minutes - 1;
  if (course.bytes.size() < first + 2) return course;
  course.growth_bytes =
      static_cast<std::int64_t>(course.bytes.back()) - static_cast<std::int64_t>(course.bytes[first]);
  const auto count = static_cast<double>(course.bytes.size() - first);
  double mean_minute = 0.0;
  double mean_bytes = 0.0;
  for (std::size_t i = first; i < course.bytes.size(); ++i) {
    mean_minute += static_cast<double>(i) / count;
    mean_bytes += static_cast<double>(course.bytes[i]) / count;
  }
  double product = 0.0;
  double squares = 0.0;
  for (std::size_t i = first; i < course.bytes.size(); ++i) {
    const double minute = static_cast<double>(i) - mean_minute;
    product += minute * (static_cast<double>(course.bytes[i]) - mean_bytes);
    squares += minute * minute;
  }
  course.bytes_per_minute = product / squares;
  return course;
}

std::optional<MemoryCourse> run_memory_course(const SubjectSettings& settings, const MemoryPlan& plan,
                                              const MakeFollower& make_follower,
                                              const std::function<void(int minutes)>& on_minute,
                                              const std::stop_token& stop) {
  YARBUS_CHECK(static_cast<bool>(plan.resident_bytes));
  auto options = subject_options(settings, 0, simulation::Population::simulated);
  const double length_s = 60.0 * plan.minutes;
  // A shift to and fro, so that the camera stays before the eye for an hour.
  options.motion.slip_interval_s = plan.slip_interval_s;
  options.motion.slip_mm = 1.5;
  options.motion.slip_deg = 1.0;
  simulation::SimulatedOutlines outlines(options);
  const auto follower = make_follower(outlines);
  simulation::SimulatedOutline outline;
  const auto frames_per_minute = static_cast<std::uint64_t>(std::llround(60.0 * options.rate_hz));
  outlines.make(static_cast<std::uint64_t>(std::llround(length_s * options.rate_hz)), outline);

  std::vector<std::uint64_t> bytes;
  bytes.reserve(static_cast<std::size_t>(plan.minutes));
  for (int minute = 0; minute < plan.minutes; ++minute) {
    for (std::uint64_t i = 0; i < frames_per_minute; ++i) {
      if (stop.stop_requested()) return std::nullopt;
      outlines.make(static_cast<std::uint64_t>(minute) * frames_per_minute + i, outline);
      if (outline.observation) follower->follow(frame_of(outline));
    }
    const auto now = plan.resident_bytes();
    if (!now) return std::nullopt;
    bytes.push_back(*now);
    on_minute(minute + 1);
  }
  return memory_course(std::move(bytes), static_cast<std::size_t>(plan.settled_minutes));
}

}  // namespace yarbus::benchmark
