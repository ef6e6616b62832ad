#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "eyemodel/types/result.h"

namespace yarbus {

class SessionOutputs;

/// What a recording keeps. Faces are personal: pictures may be left out.
enum class RecordedParts : std::uint8_t { video_and_results, video_only, results_only };

struct RecordingWish {
  std::string name;  ///< empty: date and time
  std::string participant;
  std::string notes;
  RecordedParts parts = RecordedParts::video_and_results;
  bool lossy_video = false;  ///< H.264 instead of a lossless codec
  std::string folder;        ///< of this session alone; empty: a new one in the library
};

/// Of the recording that runs, or of the last one since the program began.
struct RecordingView {
  bool is_starting = false;
  bool is_recording = false;
  bool is_finishing = false;
  std::string name;
  std::string folder;
  RecordedParts parts = RecordedParts::video_and_results;
  std::chrono::nanoseconds elapsed{};
  std::uintmax_t bytes = 0;       ///< on the disk
  std::uintmax_t free_bytes = 0;  ///< left there
  std::int64_t frames = 0;
  std::int64_t frames_lost = 0;    ///< neither picture nor row: a gap
  std::int64_t pictures_lost = 0;  ///< the row was kept
  std::int64_t rows_lost = 0;      ///< of results
  int annotations = 0;
  std::string codec;     ///< of the first camera's video, and why that one, in words
  std::string warning;   ///< in words; empty: all is well
  std::string end_note;  ///< why it ended, unless it was asked to
};

/// One session of the library.
struct SessionCard {
  std::string folder;
  std::string name;
  std::string participant;
  std::string notes;
  std::chrono::system_clock::time_point started_at{};
  std::chrono::nanoseconds duration{};
  std::uintmax_t bytes = 0;
  std::int64_t frames = 0;
  std::int64_t frames_lost = 0;
  std::optional<double> tracked_share;  ///< of frames with a pupil or face found, 0 .. 1
  std::optional<double> accuracy_deg;   ///< of its calibration
  std::string thumbnail;                ///< PNG or JPEG file; empty: none
  bool has_video = false;
  bool is_recorded_now = false;  ///< by this or another program
  bool needs_repair = false;     ///< it was cut off
  std::string problem;           ///< why it cannot be read, in words; empty: it can
};

/// Recording and its library: commands in, snapshots out, like Session, of which it is a part. Commands
/// return at once; what they led to is seen in the next snapshot or as a Notice. Threads: the window's.
class RecordingControl {
 public:
  virtual ~RecordingControl() = default;

  /// Records what is open now. Sources that are opened later do not join.
  virtual void start(const RecordingWish& wish) = 0;
  virtual void stop() = 0;
  /// Marks this moment. Ignored, with a Notice, while nothing is recorded.
  virtual void annotate(const std::string& text) = 0;
  [[nodiscard]] virtual RecordingView snapshot() const = 0;

  /// What sessions are written as; nullptr: nothing, where only their cards are known.
  [[nodiscard]] virtual const SessionOutputs* outputs() const { return nullptr; }
  /// Folder of the library; empty: none is kept.
  [[nodiscard]] virtual std::string library() const = 0;
  /// Those in the library, newest first; may take some ms each.
  [[nodiscard]] virtual std::vector<SessionCard> list() = 0;
  /// Ends what a crash left open, in a thread of its own; a Notice says what was saved.
  virtual void repair(const std::string& folder) = 0;
  virtual Result<void> move_to_trash(const std::string& folder) = 0;
};

}  // namespace yarbus
