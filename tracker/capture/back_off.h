#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace yarbus {

/// Waiting times between attempts to reconnect: doubling from first to longest. Threads: one owner.
class BackOff {
 public:
  using Duration = std::chrono::milliseconds;
  explicit BackOff(Duration first = Duration(250), Duration longest = Duration(5000))
      : first_(first), longest_(longest) {}

  [[nodiscard]] int attempts() const { return attempts_; }
  /// The wait before the next attempt; counts it.
  Duration next() {
    const Duration wait = std::min(longest_, first_ * (1 << std::min(attempts_, 16)));
    ++attempts_;
    return wait;
  }
  void reset() { attempts_ = 0; }

  /// Waits out `next()`; false if a stop was requested meanwhile.
  bool wait(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, next(), [] { return false; });
    return !stop.stop_requested();
  }

 private:
  Duration first_;
  Duration longest_;
  int attempts_ = 0;
};

}  // namespace yarbus
