#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "eyemodel/types/check.h"

namespace yarbus {

/// A bounded queue that never makes the giving side wait: when it is full the oldest value goes. Its memory
/// is taken once. Unlike Channel nobody waits in it: its reader waits for sockets as well. Threads: any; the
/// lock covers moving one value.
template <class T>
class DropOldestRing {
 public:
  explicit DropOldestRing(std::size_t capacity) : slots_(capacity) { YARBUS_CHECK_OP(capacity, >, 0U); }

  /// Whether it was empty.
  bool push(T value) {
    std::optional<T> pushed_out;  // destroyed after the lock is released
    const std::lock_guard lock(mutex_);
    if (count_ == slots_.size()) {
      pushed_out.swap(slots_[first_]);
      first_ = (first_ + 1) % slots_.size();
      --count_;
      ++dropped_;
    }
    slots_[(first_ + count_) % slots_.size()].emplace(std::move(value));
    ++count_;
    ++pushed_;
    return count_ == 1;
  }

  std::optional<T> pop() {
    std::optional<T> value;
    const std::lock_guard lock(mutex_);
    if (count_ == 0) return value;
    value.swap(slots_[first_]);
    first_ = (first_ + 1) % slots_.size();
    --count_;
    return value;
  }

  [[nodiscard]] std::uint64_t pushed() const {
    const std::lock_guard lock(mutex_);
    return pushed_;
  }
  [[nodiscard]] std::uint64_t dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::optional<T>> slots_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::uint64_t pushed_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace yarbus
