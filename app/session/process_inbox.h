#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

#include "app/session/channel.h"
#include "app/session/face_stage.h"
#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/types/frame.h"

namespace yarbus {

class EyeTracker;

/// A frame and whether capture time went back before it (a seek).
struct FrameArrival {
  FramePtr frame;
  bool time_restarted = false;
};

/// Something to be done with the tracker by its owner thread.
using TrackerCommand = std::function<void(EyeTracker&)>;
/// The same of a webcam.
using FaceCommand = std::function<void(FaceStage&)>;

/// What the process thread waits for: frames (bounded), and commands and outcomes of fits and searches (few,
/// never lost, served first).
class ProcessInbox {
 public:
  using Message = std::variant<FrameArrival, TrackerCommand, FaceCommand, FitOutcome, FaceSearchOutcome>;

  ProcessInbox(std::size_t frame_capacity, Overflow overflow)
      : capacity_(frame_capacity), overflow_(overflow) {}

  /// False once closed. With `block`, waits for room.
  bool push_frame(FrameArrival arrival) {
    std::optional<FrameArrival> pushed_out;  // released outside the lock
    {
      std::unique_lock lock(mutex_);
      if (overflow_ == Overflow::block)
        room_.wait(lock, [&] { return closed_ || frames_.size() < capacity_; });
      if (closed_) return false;
      if (frames_.size() == capacity_) {
        pushed_out.emplace(std::move(frames_.front()));
        frames_.pop_front();
        ++dropped_;
        if (pushed_out->time_restarted) arrival.time_restarted = true;
      }
      frames_.push_back(std::move(arrival));
    }
    filled_.notify_one();
    return true;
  }

  void push_message(Message message) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      messages_.push_back(std::move(message));
    }
    filled_.notify_one();
  }

  /// Messages before frames; nullopt once closed (what is queued then is dropped).
  std::optional<Message> pop() {
    std::optional<Message> message;
    {
      std::unique_lock lock(mutex_);
      filled_.wait(lock, [&] { return closed_ || !messages_.empty() || !frames_.empty(); });
      if (closed_) return std::nullopt;
      if (!messages_.empty()) {
        message.emplace(std::move(messages_.front()));
        messages_.pop_front();
        return message;
      }
      message.emplace(std::move(frames_.front()));
      frames_.pop_front();
    }
    room_.notify_one();
    return message;
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
    room_.notify_all();
  }

  [[nodiscard]] std::uint64_t dropped_frames() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }

 private:
  const std::size_t capacity_;
  const Overflow overflow_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable room_;
  std::deque<FrameArrival> frames_;
  std::deque<Message> messages_;
  std::uint64_t dropped_ = 0;
  bool closed_ = false;
};

}  // namespace yarbus
