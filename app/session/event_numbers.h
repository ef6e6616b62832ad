#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "app/recording/session_rows.h"

namespace yarbus {

/// Numbers the events of a session, each kind from 0. Threads: any.
class EventNumbers {
 public:
  std::int64_t next(EventKind kind) { return next_[static_cast<std::size_t>(kind)]++; }

 private:
  std::array<std::atomic<std::int64_t>, static_cast<std::size_t>(EventKind::other) + 1> next_{};
};

}  // namespace yarbus
