#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/recording/file_sink.h"
#include "app/recording/session_info.h"
#include "app/recording/session_rows.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/options.h"
#include "eyemodel/types/result.h"

namespace yarbus {

struct RecordingOptions {
  bool with_video = true;    ///< false: no pictures are kept; a face is personal
  bool with_results = true;  ///< false: pictures and their times only
  int queue_rows = 4096;     ///< rows that may wait for the disk
  int queue_pictures_mib = 64;
  double commit_interval_s = 0.4;  ///< what a crash may cost, at most
  double warn_free_mib = 2048.0;
  double stop_free_mib = 256.0;
  int reserve_mib = 16;  ///< set aside on the disk, to end well when it is full all the same

  static std::span<const OptionField<RecordingOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// What is to be recorded, and where.
struct RecordingRequest {
  std::filesystem::path folder;  ///< of this session alone; made if it is not there
  std::string name;
  std::string participant;
  std::string notes;
  std::string software_version;
  std::optional<ScreenGeometry> screen;
  /// Numbered 0, 1, ... in their order. `codec` unset with video: a lossless one that is fast enough here.
  std::vector<SessionCamera> cameras;
  RecordingOptions options;
  DiskHooks hooks;
};

/// One camera image on its way into a session; everything is copied or dropped before add_frame() returns.
struct FrameToRecord {
  int camera = 0;
  std::uint64_t sequence = 0;  ///< Frame::sequence. Where a source counts anew, its frames are numbered on
  CaptureTime captured_at{};
  std::optional<CaptureTime> arrived_at;
  GrayView gray;                       ///< as tracked
  std::span<const std::uint8_t> jpeg;  ///< the camera's own packet, for VideoCodec::camera_mjpeg
};

/// What became of one camera.
struct CameraFigures {
  int camera = 0;
  std::int64_t frames = 0;         ///< rows written
  std::int64_t pictures = 0;       ///< written
  std::int64_t frames_lost = 0;    ///< neither row nor picture, whatever the cause
  std::int64_t pictures_lost = 0;  ///< the row was written
  std::int64_t times_repaired = 0;
  std::optional<VideoCodec> codec;
  std::string codec_reason;  ///< why this codec, where it was not asked for
};

struct RecorderSnapshot {
  bool is_recording = true;
  SessionEnd end = SessionEnd::unfinished;
  std::string end_note;
  std::vector<CameraFigures> cameras;
  std::int64_t rows = 0;       ///< of results, written
  std::int64_t rows_lost = 0;  ///< likewise, dropped
  std::size_t queue_rows = 0;
  std::size_t queue_pictures = 0;
  std::size_t most_queue_rows = 0;  ///< so far
  std::size_t most_queue_pictures = 0;
  std::size_t queue_pictures_capacity = 0;
  std::uintmax_t bytes = 0;  ///< of the videos
  std::uintmax_t free_bytes = 0;
  std::string warning;       ///< in words; empty: all is well
  bool is_disk_low = false;  ///< that is what `warning` is about
};

/// Records a session into its folder: a video for each camera and session.db. Written while it happens: what
/// is older than a second survives the death of the program. It never makes anybody wait: what the disk
/// cannot take in time is dropped, counted and noted as a gap. It ends by itself, well, when the disk is
/// nearly full or refuses; add_*() then do nothing.
///
/// Rows name frames by Frame::sequence; their times are the frames' own. Where the recorder repaired either,
/// it repairs the rows likewise. A frame is added before the rows that name it.
///
/// Threads: add_*() and snapshot() from any, each frame of one camera from one; start() and finish() from
/// one owner. One thread of its own, "recorder". Cost of add_frame(): a copy of the picture; of the others:
/// a copy of the row.
class SessionRecorder {
 public:
  /// Cost: with codecs to choose, some tenths of a second. Errors: invalid_option, device_busy (somebody
  /// records into that folder), output_unwritable (it holds a session already, or cannot be written),
  /// unsupported_format (codec).
  static Result<std::unique_ptr<SessionRecorder>> start(RecordingRequest request);
  ~SessionRecorder();  ///< finishes
  SessionRecorder(const SessionRecorder&) = delete;
  SessionRecorder& operator=(const SessionRecorder&) = delete;

  void add_frame(const FrameToRecord& frame);
  /// The frame's results are ready. Optional.
  void add_done(int camera, std::uint64_t sequence, CaptureTime processed_at);
  void add(const PupilRow& row);
  void add(const PoseRow& row);
  void add(const FaceRow& row);
  void add(const GazeRow& row);
  void add(ModelRow row);
  void add(EventRow row);
  void add(AnnotationRow row);
  void add(SettingRow row);
  /// Something is missing that the numbers of the frames do not tell; kept also without results.
  void add(GapRow row);
  /// Returns the id that gaze rows name it by.
  std::int64_t add(CalibrationRow row);

  [[nodiscard]] RecorderSnapshot snapshot() const;
  [[nodiscard]] const std::filesystem::path& folder() const;
  /// Writes what waits and then `events`, however many, ends the files and returns the last snapshot. What
  /// comes later is nobody's loss. Again: the same one. Cost: what waits, what the disk has yet to take of
  /// the videos, and their index. Errors: output_unwritable, if not even the ending could be written: what is
  /// in the folder then is to be repaired.
  Result<RecorderSnapshot> finish(std::vector<EventRow> events = {});

 private:
  class Impl;
  explicit SessionRecorder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus
