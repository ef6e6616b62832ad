#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "app/session/notice_board.h"
#include "app/session/replay_control.h"

namespace yarbus {

/// Reads timelines in a thread of its own, one at a time: the newest wish counts, and ends an older reading.
/// Threads: any.
class TimelineReader {
 public:
  explicit TimelineReader(NoticeBoard& notices);
  ~TimelineReader();
  TimelineReader(const TimelineReader&) = delete;
  TimelineReader& operator=(const TimelineReader&) = delete;

  void want(const TimelineWish& wish);
  [[nodiscard]] TimelinePtr latest() const;

 private:
  void read(const std::stop_token& stop);

  NoticeBoard& notices_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<TimelineWish> wanted_;  ///< until it is taken up
  std::stop_source reading_;            ///< of the reading under way
  TimelinePtr latest_;
  std::jthread thread_;
};

}  // namespace yarbus
