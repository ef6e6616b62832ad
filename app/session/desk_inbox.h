#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

#include "app/session/gaze_frames.h"

namespace yarbus {

/// What the calibration desk waits for: glances (bounded, the oldest goes) and commands (few, never lost,
/// served first). Threads: any number of producers, one consumer.
class DeskInbox {
 public:
  struct Arrival {
    EyeSide eye = EyeSide::right;
    EyeGlance glance;
  };
  using Command = std::function<void()>;
  /// A glance of one eye; of a webcam a frame of both.
  using Glance = std::variant<Arrival, FaceGlance>;
  using Message = std::variant<Glance, Command>;

  void push(EyeSide eye, const EyeGlance& glance) { push(Glance(Arrival{eye, glance})); }
  void push(const FaceGlance& glance) { push(Glance(glance)); }
  void push(Command command) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      commands_.push_back(std::move(command));
    }
    filled_.notify_one();
  }
  /// nullopt once closed; what is queued then is dropped.
  std::optional<Message> pop() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return closed_ || !commands_.empty() || !glances_.empty(); });
    if (closed_) return std::nullopt;
    std::optional<Message> message;
    if (!commands_.empty()) {
      message.emplace(std::move(commands_.front()));
      commands_.pop_front();
    } else {
      message.emplace(std::move(glances_.front()));
      glances_.pop_front();
    }
    return message;
  }
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
  }

 private:
  void push(Glance glance) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      if (glances_.size() == most_glances) glances_.pop_front();
      glances_.push_back(std::move(glance));
    }
    filled_.notify_one();
  }

  static constexpr std::size_t most_glances = 64;  ///< a quarter of a second of two fast eyes
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<Command> commands_;
  std::deque<Glance> glances_;
  bool closed_ = false;
};

}  // namespace yarbus
