#include "app/benchmark/model_memory.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "eyemodel/types/check.h"

namespace yarbus::benchmark {

MemoryCourse memory_course(std::vector<std::uint64_t> bytes, double every_s, std::size_t settled_readings) {
  MemoryCourse course;
  course.bytes = std::move(bytes);
  course.every_s = every_s;
  course.settled_readings =
      settled_readings < course.bytes.size() ? std::max<std::size_t>(1, settled_readings) : 1;
  const std::size_t first = course.settled_readings - 1;
  if (course.bytes.size() < first + 2) return course;
  course.growth_bytes =
      static_cast<std::int64_t>(course.bytes.back()) - static_cast<std::int64_t>(course.bytes[first]);
  const auto count = static_cast<double>(course.bytes.size() - first);
  const double minutes_each = every_s / 60.0;
  double mean_minute = 0.0;
  double mean_bytes = 0.0;
  for (std::size_t i = first; i < course.bytes.size(); ++i) {
    mean_minute += minutes_each * static_cast<double>(i) / count;
    mean_bytes += static_cast<double>(course.bytes[i]) / count;
  }
  double product = 0.0;
  double squares = 0.0;
  for (std::size_t i = first; i < course.bytes.size(); ++i) {
    const double minute = minutes_each * static_cast<double>(i) - mean_minute;
    product += minute * (static_cast<double>(course.bytes[i]) - mean_bytes);
    squares += minute * minute;
  }
  course.bytes_per_minute = product / squares;
  return course;
}

std::optional<MemoryCourse> run_memory_course(const SubjectSettings& settings, const MemoryPlan& plan,
                                              const MakeFollower& make_follower,
                                              const std::function<void(int readings)>& on_reading,
                                              const std::stop_token& stop) {
  YARBUS_CHECK(static_cast<bool>(plan.resident_bytes));
  auto options = subject_options(settings, 0, simulation::Population::simulated);
  const double length_s = plan.every_s * plan.readings;
  // A shift to and fro, so that the camera stays before the eye for an hour.
  options.motion.slip_interval_s = plan.slip_interval_s;
  options.motion.slip_mm = 1.5;
  options.motion.slip_deg = 1.0;
  simulation::SimulatedOutlines outlines(options);
  const auto follower = make_follower(outlines);
  simulation::SimulatedOutline outline;
  const auto frames_each = static_cast<std::uint64_t>(std::llround(plan.every_s * options.rate_hz));
  outlines.make(static_cast<std::uint64_t>(std::llround(length_s * options.rate_hz)), outline);

  std::vector<std::uint64_t> bytes;
  bytes.reserve(static_cast<std::size_t>(plan.readings));
  for (int reading = 0; reading < plan.readings; ++reading) {
    for (std::uint64_t i = 0; i < frames_each; ++i) {
      if (stop.stop_requested()) return std::nullopt;
      outlines.make(static_cast<std::uint64_t>(reading) * frames_each + i, outline);
      if (outline.observation) follower->follow(frame_of(outline));
    }
    const auto now = plan.resident_bytes();
    if (!now) return std::nullopt;
    bytes.push_back(*now);
    on_reading(reading + 1);
  }
  return memory_course(std::move(bytes), plan.every_s, static_cast<std::size_t>(plan.settled_readings));
}

}  // namespace yarbus::benchmark
