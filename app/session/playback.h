#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "eyemodel/types/frame.h"

namespace yarbus {

/// What the capture thread of a seekable source does next.
struct PlaybackStep {
  std::optional<std::uint64_t> seek_to;  ///< before reading
};

/// Play, pause, step, seek and speed of a file: written by the window's commands, waited on by the capture
/// thread. Threads: commands from any thread; `wait_for_turn` and `delivered` from the capture thread.
class Playback {
 public:
  using Clock = std::chrono::steady_clock;

  void play() {
    change([&] {
      if (at_end_) seek_to_ = 0;
      is_playing_ = true;
    });
  }
  void pause() {
    change([&] { is_playing_ = false; });
  }
  /// Pauses and shows the frame `frames` further (or back).
  void step(int frames) {
    change([&] {
      is_playing_ = false;
      const auto from = static_cast<std::int64_t>(seek_to_.value_or(position_));
      seek_to_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, from + frames));
    });
  }
  void seek(std::uint64_t frame) {
    change([&] { seek_to_ = frame; });
  }
  /// 0 = as fast as possible.
  void set_speed(double factor) {
    change([&] { speed_ = factor == 0.0 ? 0.0 : std::clamp(factor, 0.1, 8.0); });
  }

  /// Blocks until a frame should be read: its turn by the clock, or a seek. nullopt after a stop request.
  std::optional<PlaybackStep> wait_for_turn(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      if (seek_to_.has_value()) {
        PlaybackStep step{std::exchange(seek_to_, std::nullopt)};
        at_end_ = false;
        anchor_.reset();
        return step;
      }
      if (is_playing_ && !at_end_) {
        if (speed_ == 0.0 || !anchor_) return PlaybackStep{};
        const auto due = next_due();
        if (Clock::now() >= due) return PlaybackStep{};
        changed_.wait_until(lock, stop, due, [&, revision = revision_] { return revision != revision_; });
      } else {
        changed_.wait(lock, stop, [&, revision = revision_] { return revision != revision_; });
      }
    }
    return std::nullopt;
  }

  /// The frame read last; its time sets when the next is due.
  void delivered(std::uint64_t sequence, CaptureTime captured_at) {
    const std::lock_guard lock(mutex_);
    if (!anchor_) anchor_ = Anchor{Clock::now(), captured_at};
    if (last_time_ && captured_at > *last_time_) frame_interval_ = captured_at - *last_time_;
    last_time_ = captured_at;
    position_ = sequence;
  }
  /// The file has no more frames.
  void reached_end() {
    const std::lock_guard lock(mutex_);
    at_end_ = true;
    is_playing_ = false;
  }

  struct State {
    bool is_playing = true;
    bool at_end = false;
    double speed = 1.0;
  };
  [[nodiscard]] State state() const {
    const std::lock_guard lock(mutex_);
    return {is_playing_, at_end_, speed_};
  }

 private:
  /// A moment of the wall and the capture time shown then.
  struct Anchor {
    Clock::time_point wall;
    CaptureTime capture;
  };
  template <class Change>
  void change(const Change& apply) {
    {
      const std::lock_guard lock(mutex_);
      apply();
      anchor_.reset();
      ++revision_;
    }
    changed_.notify_all();
  }
  [[nodiscard]] Clock::time_point next_due() const {
    const CaptureTime next = *last_time_ + frame_interval_ - anchor_->capture;
    return anchor_->wall + std::chrono::duration_cast<Clock::duration>(next / speed_);
  }

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::uint64_t revision_ = 0;
  bool is_playing_ = true;
  bool at_end_ = false;
  double speed_ = 1.0;
  std::optional<std::uint64_t> seek_to_;
  std::uint64_t position_ = 0;
  std::optional<Anchor> anchor_;
  std::optional<CaptureTime> last_time_;
  CaptureTime frame_interval_{std::chrono::milliseconds(33)};
};

}  // namespace yarbus
