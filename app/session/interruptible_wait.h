#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace yarbus {

/// Waits until `due`; false if a stop was requested first. Threads: any.
inline bool wait_until(std::chrono::steady_clock::time_point due, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_until(lock, stop, due, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace yarbus
