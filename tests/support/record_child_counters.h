#pragma once

#include <atomic>
#include <cstdint>

namespace yarbus::test {

/// What the recording process tells, in a file that both map: it outlives the process.
struct RecordChildCounters {
  std::atomic<std::int64_t> frames{0};            ///< handed to the recorder
  std::atomic<std::int64_t> last_captured_ns{0};  ///< of the newest of them
  std::atomic<std::int64_t> pupils{0};            ///< handed to the recorder
};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

}  // namespace yarbus::test
