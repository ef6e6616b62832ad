#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "eyemodel/types/check.h"

namespace yarbus {

/// What a full channel does with one more value.
enum class Overflow : std::uint8_t { block, drop_oldest };

/// A bounded queue between threads. Closing wakes everyone; what is queued can still be popped.
/// Threads: any number of producers and consumers; the lock covers only the queue's own pointers.
template <class T>
class Channel {
 public:
  Channel(std::size_t capacity, Overflow overflow) : capacity_(capacity), overflow_(overflow) {
    YARBUS_CHECK_OP(capacity, >, 0U);
  }

  /// False if the channel is closed (the value is dropped). With `block`, waits for room.
  bool push(T value) {
    std::optional<T> pushed_out;  // destroyed after the lock is released
    {
      std::unique_lock lock(mutex_);
      if (overflow_ == Overflow::block)
        room_.wait(lock, [&] { return closed_ || queue_.size() < capacity_; });
      if (closed_) return false;
      if (queue_.size() == capacity_) {
        pushed_out.emplace(std::move(queue_.front()));
        queue_.pop_front();
        ++dropped_;
      }
      queue_.push_back(std::move(value));
    }
    filled_.notify_one();
    return true;
  }

  /// The oldest value; nullopt once the channel is closed and empty.
  std::optional<T> pop() {
    std::optional<T> value;
    {
      std::unique_lock lock(mutex_);
      filled_.wait(lock, [&] { return closed_ || !queue_.empty(); });
      if (queue_.empty()) return std::nullopt;
      value.emplace(std::move(queue_.front()));
      queue_.pop_front();
    }
    room_.notify_one();
    return value;
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
    room_.notify_all();
  }

  [[nodiscard]] std::uint64_t dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }

 private:
  const std::size_t capacity_;
  const Overflow overflow_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable room_;
  std::deque<T> queue_;
  std::uint64_t dropped_ = 0;
  bool closed_ = false;
};

}  // namespace yarbus
