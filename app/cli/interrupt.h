#pragma once

#include <stop_token>
#include <thread>

namespace yarbus::cli {

/// Turns the first Ctrl-C (or SIGTERM) into a stop request; a second one ends the process at once.
/// Make it before any other thread, so that they inherit the blocked signals. One at a time.
class InterruptWatcher {
 public:
  InterruptWatcher();
  ~InterruptWatcher();
  InterruptWatcher(const InterruptWatcher&) = delete;
  InterruptWatcher& operator=(const InterruptWatcher&) = delete;

  [[nodiscard]] std::stop_token token() const { return interrupted_.get_token(); }

 private:
  std::stop_source interrupted_;
  std::jthread thread_;
};

}  // namespace yarbus::cli
