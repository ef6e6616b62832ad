#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <future>
#include <mutex>
#include <stop_token>
#include <vector>

namespace yarbus::benchmark {

/// Calls `work(i)` for i = 0 .. count-1 on `threads` threads, in no order, and `on_done` with how many are
/// done after each, one call at a time. A stop keeps what has not begun from beginning. What `work` throws
/// is thrown here.
inline void in_parallel(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work,
                        const std::function<void(std::size_t done)>& on_done, const std::stop_token& stop) {
  std::atomic<std::size_t> next{0};
  std::mutex done_mutex;
  std::size_t done = 0;
  const auto take = [&] {
    for (std::size_t i = next++; i < count && !stop.stop_requested(); i = next++) {
      work(i);
      const std::scoped_lock lock(done_mutex);
      on_done(++done);
    }
  };
  std::vector<std::future<void>> workers;
  const std::size_t needed = std::min<std::size_t>(count, std::max(1U, threads));
  for (std::size_t i = 0; i < needed; ++i) workers.push_back(std::async(std::launch::async, take));
  for (auto& worker : workers) worker.get();
}

}  // namespace yarbus::benchmark
