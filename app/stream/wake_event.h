#pragma once

#include <chrono>
#include <cstdint>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace yarbus {

/// Wakes a thread that waits for descriptors. Threads: any.
class WakeEvent {
 public:
  WakeEvent() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~WakeEvent() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  WakeEvent(const WakeEvent&) = delete;
  WakeEvent& operator=(const WakeEvent&) = delete;
  void wake() const {
    const std::uint64_t one = 1;
    (void)!write(descriptor_, &one, sizeof(one));
  }
  /// For threads that wait for nothing else.
  void wait(std::chrono::milliseconds timeout) const {
    pollfd waiting{descriptor_, POLLIN, 0};
    poll(&waiting, 1, static_cast<int>(timeout.count()));
    std::uint64_t wakes = 0;
    (void)!read(descriptor_, &wakes, sizeof(wakes));
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace yarbus
