#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "app/session/replay_control.h"
#include "app/session/replay_places.h"
#include "eyemodel/types/frame.h"

namespace yarbus {

/// How a seekable source is being played.
struct PlaybackMode {
  bool is_playing = true;
  bool at_end = false;
  double speed = 1.0;
};

/// What the capture thread of a seekable source does next.
struct PlaybackStep {
  PlaybackMode mode;         ///< to be told to whoever watches; as of the moment the step was given
  bool reads_frame = false;  ///< false: only the mode is news
  std::optional<std::uint64_t> seek_to;  ///< before reading
};

/// Play, pause, step, seek and speed of a file or a recorded session: written by the window's commands,
/// waited on by the capture thread. Every command is answered by a step, also one that comes while the
/// capture thread waits and that gives it nothing to read (a pause). Positions are places of pictures; a
/// file's are its frames' numbers, those of a session are told by `know`. Threads: commands from any thread;
/// `wait_for_step`, `delivered` and `reached_end` from the capture thread.
class Playback {
 public:
  using Clock = std::chrono::steady_clock;

  /// Before the first frame, of a recorded session.
  void know(std::shared_ptr<const ReplayPlaces> places) {
    const std::lock_guard lock(mutex_);
    places_ = std::move(places);
  }

  void play() {
    change([&] {
      if (mode_.at_end) seek_to_ = first_place();
      mode_.is_playing = true;
    });
  }
  void pause() {
    change([&] { mode_.is_playing = false; });
  }
  /// Pauses and shows the frame `frames` further (or back).
  void step(int frames) {
    change([&] {
      mode_.is_playing = false;
      if (const auto at = std::exchange(seek_time_, std::nullopt); at && places_)
        seek_to_ = places_->place_at(*at);
      const auto from = static_cast<std::int64_t>(seek_to_.value_or(position_));
      seek_to_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, from + frames));
    });
  }
  void seek(std::uint64_t place) {
    change([&] {
      seek_to_ = place;
      seek_time_.reset();
    });
  }
  /// To the last picture at or before that time; ignored by other than recorded sessions.
  void seek_time(CaptureTime at) {
    change([&] {
      seek_to_.reset();
      seek_time_ = at;
    });
  }
  /// Playing past `out` ends there; playing on from an end begins at `in`. Sessions only.
  void set_trim(const TrimMarks& marks) {
    const std::lock_guard lock(mutex_);
    trim_ = marks;
  }
  /// 0 = as fast as possible.
  void set_speed(double factor) {
    change([&] { mode_.speed = factor == 0.0 ? 0.0 : std::clamp(factor, 0.1, 8.0); });
  }

  /// Blocks until a frame should be read (its turn by the clock, or a seek) or a command has come. nullopt
  /// after a stop request.
  std::optional<PlaybackStep> wait_for_step(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      if (const auto at = std::exchange(seek_time_, std::nullopt); at && places_)
        seek_to_ = places_->place_at(*at);
      if (seek_to_.has_value()) {
        position_ = *seek_to_;  // a step asked for before the frame is read goes on from there
        mode_.at_end = false;
        anchor_.reset();
        last_time_.reset();  // the way there is no frame interval
        return step_of(true);
      }
      const bool is_running = mode_.is_playing && !mode_.at_end;
      const bool has_due_time = is_running && mode_.speed != 0.0 && anchor_;
      if (is_running && (!has_due_time || Clock::now() >= next_due())) return step_of(true);
      const auto has_news = [&] { return revision_ != told_revision_; };
      if (has_news()) return step_of(false);
      if (has_due_time) {
        changed_.wait_until(lock, stop, next_due(), has_news);
      } else {
        changed_.wait(lock, stop, has_news);
      }
    }
    return std::nullopt;
  }

  /// The frame read last; its time sets when the next is due. Returns its place.
  std::uint64_t delivered(std::uint64_t sequence, CaptureTime captured_at) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t place = places_ ? places_->place_of(sequence) : sequence;
    end_at_mark(place);
    if (!anchor_) anchor_ = Anchor{Clock::now(), captured_at};
    if (last_time_ && captured_at > *last_time_) frame_interval_ = captured_at - *last_time_;
    last_time_ = captured_at;
    position_ = place;
    return place;
  }
  /// The file has no more frames. Of no matter if a seek has been asked for meanwhile.
  void reached_end() {
    const std::lock_guard lock(mutex_);
    if (seek_to_ || seek_time_) return;
    mode_.at_end = true;
    mode_.is_playing = false;
    ++revision_;
  }

  [[nodiscard]] PlaybackMode mode() const {
    const std::lock_guard lock(mutex_);
    return mode_;
  }
  /// Capture time of the picture that is shown, or is being sought. Nullopt of other than recorded sessions.
  [[nodiscard]] std::optional<CaptureTime> time() const {
    const std::lock_guard lock(mutex_);
    if (!places_) return std::nullopt;
    return seek_time_ ? *seek_time_ : places_->time_of(seek_to_.value_or(position_));
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
  [[nodiscard]] std::uint64_t first_place() const {
    return places_ && trim_.in ? places_->place_from(*trim_.in) : 0;
  }
  void end_at_mark(std::uint64_t place) {
    if (!places_ || !trim_.out || !mode_.is_playing || seek_to_ || seek_time_) return;
    const std::uint64_t last = places_->place_at(*trim_.out);
    const bool is_crossed = position_ < last && place > last;
    if (place != last && !is_crossed) return;
    mode_.at_end = true;
    mode_.is_playing = false;
    ++revision_;
  }
  PlaybackStep step_of(bool reads_frame) {
    told_revision_ = revision_;
    return {mode_, reads_frame, std::exchange(seek_to_, std::nullopt)};
  }
  [[nodiscard]] Clock::time_point next_due() const {
    const CaptureTime next = *last_time_ + frame_interval_ - anchor_->capture;
    return anchor_->wall + std::chrono::duration_cast<Clock::duration>(next / mode_.speed);
  }

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::uint64_t revision_ = 0;
  std::uint64_t told_revision_ = 0;  ///< of the last step given
  PlaybackMode mode_;
  std::shared_ptr<const ReplayPlaces> places_;
  TrimMarks trim_;
  std::optional<std::uint64_t> seek_to_;
  std::optional<CaptureTime> seek_time_;  ///< while seek_to_ is unset
  std::uint64_t position_ = 0;            ///< of the frame read last, or being sought
  std::optional<Anchor> anchor_;
  std::optional<CaptureTime> last_time_;
  CaptureTime frame_interval_{std::chrono::milliseconds(33)};
};

}  // namespace yarbus
