#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "eyemodel/types/frame_time.h"

namespace yarbus {

/// The clock that clients see: the tracker's own, in seconds, shifted by what they asked for.
///
/// Clients set it to theirs and then expect the times of data to follow. Only what is sent to them does: the
/// tracker's own clock, recordings and the other streams stay as they are.
/// Threads: any. Cost: a few ns.
class StreamClock {
 public:
  /// What to add to capture times to get std::chrono::steady_clock's: 0 for live sources; for a file, the
  /// moment at which its time 0 was played.
  void set_steady_from_capture(std::chrono::nanoseconds shift) { steady_from_capture_ns_ = shift.count(); }

  [[nodiscard]] double now_s() const { return steady_s(steady_now()) + offset_s_; }
  [[nodiscard]] double at_s(CaptureTime captured_at) const {
    return steady_s(captured_at + shift()) + offset_s_;
  }
  /// How long ago that was.
  [[nodiscard]] std::chrono::nanoseconds age_of(CaptureTime captured_at) const {
    return steady_now() - (captured_at + shift());
  }
  /// Makes it read `now_s` now. False for what no clock shows (not finite, beyond 1e15 s): nothing changes.
  bool set_now(double now_s);
  /// The tracker's own time of what this clock calls `time_s`; nullopt if that is no time of this machine.
  [[nodiscard]] std::optional<CaptureTime> capture_time_of(double time_s) const;

  [[nodiscard]] static std::chrono::nanoseconds steady_now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
  }

 private:
  [[nodiscard]] static double steady_s(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
  }
  [[nodiscard]] std::chrono::nanoseconds shift() const {
    return std::chrono::nanoseconds(steady_from_capture_ns_.load());
  }
  std::atomic<double> offset_s_ = 0.0;
  std::atomic<std::int64_t> steady_from_capture_ns_ = 0;
};

}  // namespace yarbus
