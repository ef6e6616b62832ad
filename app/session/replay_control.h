#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/frames.h"

namespace yarbus {

/// The part of a session that is played, both ends included; unset: from its start, to its end.
struct TrimMarks {
  std::optional<CaptureTime> in;
  std::optional<CaptureTime> out;
  friend bool operator==(const TrimMarks&, const TrimMarks&) = default;
};

/// One curve over a session's time, cut into equal columns: the least and the greatest value of each; NaN
/// where there is none.
struct TimelineLane {
  std::string name;
  std::string unit;  ///< empty: none
  std::vector<float> least;
  std::vector<float> greatest;
  [[nodiscard]] bool is_empty() const { return least.empty(); }
};

struct TimelineSpan {
  CaptureTime start{};
  CaptureTime end{};
  std::string label;  ///< in words, with figures
};

struct AnalysisChoice {
  std::int64_t analysis = 0;
  std::string name;
};

/// What a recorded session holds, as one camera and one analysis tell it, made small enough to draw.
struct SessionTimeline {
  std::string folder;
  EyeSide eye = EyeSide::right;
  std::int64_t analysis = 0;
  std::vector<AnalysisChoice> analyses;  ///< newest first
  CaptureTime start{};                   ///< of the first column
  CaptureTime end{};                     ///< of the last column's end; after `start`
  TimelineLane pupil;                    ///< diameter
  TimelineLane gaze_x;                   ///< azimuth in cam, or x on the screen
  TimelineLane gaze_y;                   ///< elevation, or y
  TimelineLane confidence;               ///< 0..1
  std::vector<TimelineSpan> blinks;
  std::vector<TimelineSpan> fixations;
  std::vector<TimelineSpan> saccades;
  std::vector<TimelineSpan> annotations;
  std::vector<TimelineSpan> gaps;  ///< frames, pictures or results lost
  std::string problem;             ///< what could not be read, in words; empty: all was
};
using TimelinePtr = std::shared_ptr<const SessionTimeline>;

/// Which timeline is wanted.
struct TimelineWish {
  std::string folder;
  EyeSide eye = EyeSide::right;
  std::optional<std::int64_t> analysis;  ///< unset: the newest
  friend bool operator==(const TimelineWish&, const TimelineWish&) = default;
};

/// Recorded sessions that are open: commands in, snapshots out, like Session, of which it is a part. Commands
/// return at once. Threads: the window's.
class ReplayControl {
 public:
  virtual ~ReplayControl() = default;

  /// Reads a timeline in a thread of its own; a later wish ends the reading of an earlier one.
  virtual void want_timeline(const TimelineWish& wish) = 0;
  /// The one last read; null before the first.
  [[nodiscard]] virtual TimelinePtr timeline() const = 0;

  /// To the last picture at or before that time; both cameras of a session go together.
  virtual void seek_time(EyeSide eye, CaptureTime at) = 0;

  /// Playing ends at the mark `out`, and goes on from `in`. Kept with the session; a Notice says why if it
  /// cannot be kept. Out before in is not taken: the other mark is cleared.
  virtual void set_trim(EyeSide eye, const TrimMarks& marks) = 0;
  /// Of the session that is open there.
  [[nodiscard]] virtual TrimMarks trim(EyeSide eye) const = 0;
};

}  // namespace yarbus
