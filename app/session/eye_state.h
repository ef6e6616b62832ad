#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "app/session/session.h"

namespace yarbus {

/// The last durations of one stage, and the moments they were noted. Fixed memory.
class DurationWindow {
 public:
  void add(std::chrono::nanoseconds duration);
  [[nodiscard]] std::vector<std::chrono::nanoseconds> values() const;

 private:
  static constexpr std::size_t kept = 512;
  std::array<std::chrono::nanoseconds, kept> durations_{};
  std::size_t count_ = 0;
};

/// Events a second over the last two seconds. Fixed memory.
class RateMeter {
 public:
  using Clock = std::chrono::steady_clock;
  void tick(Clock::time_point now);
  [[nodiscard]] double rate_hz(Clock::time_point now) const;

 private:
  static constexpr std::size_t kept = 512;
  std::array<Clock::time_point, kept> times_{};
  std::size_t count_ = 0;
};

/// What the threads of one eye tell the window. Written by them, read by snapshot().
/// Threads: any; every method holds the lock for copies of small values only.
class EyeState {
 public:
  /// A new source is being opened: everything about the last one goes, but for the stage and the frozen flag.
  void opening(const SourceRequest& request);
  void closed();
  void set_source(const SourceSnapshot& source);
  void set_playback(PlaybackState state, double speed);
  void captured(std::uint64_t position, std::uint64_t dropped_by_source, std::uint64_t dropped_by_queue);
  void processed(const GazeSamplePtr& sample, int blink_count, std::size_t observations_kept);
  /// Capture time went back (a seek): the traces start anew, their index goes on.
  void time_restarted();
  void set_model(const EyeModelPtr& model, std::size_t observations_kept);
  /// Of a webcam.
  void set_faces(int faces_seen, bool is_lifeless);
  void set_last_report(const FitReport& report);
  void set_fitting(bool is_fitting);
  void set_stage(FitStage stage);
  void set_frozen(bool is_frozen);
  void count_stale_fit();
  /// What the simulated eye starts with, unless something else was set before it was open.
  void start_simulation(const SimulationControls& controls);
  void set_simulation(const SimulationControls& controls);

  [[nodiscard]] EyeSnapshot snapshot() const;
  /// A simulated eye is open, or being opened.
  [[nodiscard]] bool is_simulated() const;
  /// An open source is a webcam's.
  [[nodiscard]] bool is_webcam() const;
  void read_traces(std::uint64_t from_index, std::vector<TracePoint>& out) const;

 private:
  mutable std::mutex mutex_;
  EyeSnapshot now_;
  RateMeter capture_rate_;
  RateMeter sample_rate_;
  DurationWindow detect_;
  DurationWindow predict_;
  DurationWindow total_;
  std::deque<TracePoint> traces_;
  std::uint64_t next_trace_index_ = 0;
  std::optional<CaptureTime> first_time_;
};

}  // namespace yarbus
