#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace yarbus {

/// When a live simulated scene takes its next frame. It renders ahead, so that a frame is ready when it is
/// due. If rendering is slower than the rate, frames are left out as a slow camera would: time never runs
/// slower than the clock. A single slow frame (a blurred one, in a saccade) comes late and holds up no other.
/// Pure: the clock's time is given.
class SimulationPace {
 public:
  using Time = std::chrono::steady_clock::time_point;

  SimulationPace(double rate_hz, Time start) : rate_hz_(rate_hz), start_(start) {}

  /// The next frame that can be ready in time: `next` or a later one.
  [[nodiscard]] std::uint64_t frame_to_render(std::uint64_t next, Time now) const;
  /// How long rendering the last frame took.
  void rendered(std::chrono::nanoseconds duration);
  [[nodiscard]] Time due(std::uint64_t frame) const;

 private:
  double rate_hz_;
  Time start_;
  static constexpr std::size_t remembered = 5;
  std::array<std::chrono::nanoseconds, remembered> render_times_{};
  std::size_t rendered_count_ = 0;
  std::chrono::nanoseconds typical_render_time_{};  ///< the median of those
};

}  // namespace yarbus
