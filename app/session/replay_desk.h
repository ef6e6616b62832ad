#pragma once

#include <array>
#include <mutex>
#include <string>
#include <vector>

#include "app/session/replay_control.h"
#include "app/session/timeline_reader.h"

namespace yarbus {

/// Which recorded sessions are open where, their trim marks and timelines. Threads: open(), close(),
/// set_trim() and together() from the session's own thread; the rest from any.
class ReplayDesk {
 public:
  explicit ReplayDesk(NoticeBoard& notices) : notices_(notices), timelines_(notices) {}

  /// The session is being opened for `asked`. Returns for which eyes: both where it has two cameras.
  std::vector<EyeSide> open(EyeSide asked, const std::string& folder);
  void close(EyeSide eye);
  /// Kept with the session; a notice says why if it cannot be.
  void set_trim(EyeSide eye, const TrimMarks& marks);
  [[nodiscard]] TrimMarks trim(EyeSide eye) const;
  /// The eyes whose cameras are of the session that is open there; none where none is.
  [[nodiscard]] std::vector<EyeSide> together(EyeSide eye) const;
  [[nodiscard]] TimelineReader& timelines() { return timelines_; }
  [[nodiscard]] const TimelineReader& timelines() const { return timelines_; }

 private:
  struct Open {
    std::string folder;  ///< empty: none
    TrimMarks trim;
  };
  NoticeBoard& notices_;
  mutable std::mutex mutex_;
  std::array<Open, 2> open_;
  TimelineReader timelines_;
};

}  // namespace yarbus
