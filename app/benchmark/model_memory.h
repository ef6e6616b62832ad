#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "app/benchmark/model_courses.h"

namespace yarbus::benchmark {

/// What the process held (resident) at the end of each simulated minute of following one eye.
struct MemoryCourse {
  std::vector<std::uint64_t> bytes;  ///< after 1, 2, ... minutes
  std::size_t settled_minutes = 0;   ///< growth is counted from the end of this one
  std::int64_t growth_bytes = 0;     ///< from there to the end
  double bytes_per_minute = 0.0;     ///< least-squares slope over the same; NaN with fewer than two minutes
};

/// Growth and slope from minute `settled_minutes` on (from the first if there are no more).
MemoryCourse memory_course(std::vector<std::uint64_t> bytes, std::size_t settled_minutes);

struct MemoryPlan {
  int minutes = 10;
  int settled_minutes = 2;        ///< caches, arenas and windows are full by then
  double slip_interval_s = 60.0;  ///< the headset slips about so often
  /// What the process holds now.
  std::function<std::optional<std::uint64_t>()> resident_bytes;
};

/// Follows one eye. The simulator's own timeline is made in full before the first minute. nullopt after a
/// stop or where the system does not say.
std::optional<MemoryCourse> run_memory_course(const SubjectSettings& settings, const MemoryPlan& plan,
                                              const MakeFollower& make_follower,
                                              const std::function<void(int minutes)>& on_minute,
                                              const std::stop_token& stop);

}  // namespace yarbus::benchmark
