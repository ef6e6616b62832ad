#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "app/benchmark/model_courses.h"

namespace yarbus::benchmark {

/// What the process held (resident) while it followed one eye, read at even distances of simulated time.
struct MemoryCourse {
  std::vector<std::uint64_t> bytes;  ///< after 1, 2, ... times `every_s`
  double every_s = 60.0;
  std::size_t settled_readings = 0;          ///< growth is counted from this one on
  std::optional<std::int64_t> growth_bytes;  ///< from there to the last; absent without a later one
  std::optional<double> bytes_per_minute;    ///< least-squares slope over the same
};

/// Growth and slope from reading `settled_readings` (1, 2, ...) on; from the first if there are no more.
MemoryCourse memory_course(std::vector<std::uint64_t> bytes, double every_s, std::size_t settled_readings);

struct MemoryPlan {
  int readings = 10;
  double every_s = 60.0;          ///< of simulated time
  int settled_readings = 2;       ///< caches, arenas and windows are full by then
  double slip_interval_s = 60.0;  ///< the headset slips about so often
  /// What the process holds now.
  std::function<std::optional<std::uint64_t>()> resident_bytes;
};

/// Follows one eye. The simulator's own timeline is made in full before the first reading. nullopt after a
/// stop or where the system does not say.
std::optional<MemoryCourse> run_memory_course(const SubjectSettings& settings, const MemoryPlan& plan,
                                              const MakeFollower& make_follower,
                                              const std::function<void(int readings)>& on_reading,
                                              const std::stop_token& stop);

}  // namespace yarbus::benchmark
