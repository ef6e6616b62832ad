#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/recording/camera_clock.h"
#include "app/recording/disk_watch.h"
#include "app/recording/record_queue.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_recorder.h"
#include "app/recording/session_writer.h"
#include "app/recording/video_track.h"

namespace yarbus {

/// The files of a session while they are written: puts frames and rows where they belong, in transactions.
/// Threads: one owner, the recorder's thread after start().
class SessionStore {
 public:
  /// Makes the folder's database. `codec_reasons`: by camera. Errors: as SessionRecorder::start().
  static Result<std::unique_ptr<SessionStore>> create(const RecordingRequest& request,
                                                      std::vector<std::string> codec_reasons);

  /// Takes a frame or a row. The picture is done with when it returns.
  void put(QueuedRow& queued);
  void put_losses(const QueueLosses& losses);
  /// Whether rows have waited long enough, or are many.
  [[nodiscard]] bool wants_commit(std::chrono::steady_clock::time_point now) const;
  [[nodiscard]] std::chrono::steady_clock::time_point next_commit() const { return next_commit_; }
  /// Everything so far is on the disk when it returns; looks after the disk's room.
  void commit(std::chrono::steady_clock::time_point now);
  /// Why the recording must end, if it must.
  [[nodiscard]] SessionEnd wanted_end() const { return wanted_end_; }
  [[nodiscard]] const std::string& end_note() const { return end_note_; }
  /// Ends all files. Errors: output_unwritable.
  Result<void> finish();
  /// For a snapshot; its queue figures are left alone.
  void fill(RecorderSnapshot& snapshot) const;

 private:
  struct Camera {
    explicit Camera(const SessionCamera& of) : facts(of), clock(of.nominal_rate_hz) {}
    SessionCamera facts;
    CameraClock clock;
    std::optional<VideoTrack> video;
    bool has_video_failed = false;
    std::int64_t lost_in_queue = 0;          ///< told, not yet met as a jump of the frames' numbers
    std::optional<GapRow> without_pictures;  ///< the run of frames without a picture that is going on
    CameraFigures figures;
    std::uintmax_t bytes = 0;
  };

  SessionStore(const RecordingRequest& request, SessionWriter writer);
  void put_frame(FrameRow row, PictureBuffer* picture);
  std::optional<std::int64_t> write_picture(Camera& camera, const PictureBuffer& picture, CaptureTime at);
  void note_without_picture(Camera& camera, const FrameRow& row, GapCause cause, const std::string& why);
  void end_without_pictures(Camera& camera);
  void put_result(SessionRow row);
  template <class Row>
  void place(Row& row);
  void add_gap(GapRow gap);
  void flush_videos();
  void write_pending(bool is_last);
  void write_what_fits();
  std::uintmax_t video_bytes() const;
  void fail(SessionEnd end, const std::string& why);
  void finish_videos();
  [[nodiscard]] bool knows(int camera) const {
    return camera >= 0 && static_cast<std::size_t>(camera) < cameras_.size();
  }

  std::filesystem::path folder_;
  RecordingOptions options_;
  DiskHooks hooks_;
  SessionWriter writer_;
  DiskReserve reserve_;
  SessionInfo info_;
  std::vector<Camera> cameras_;
  std::vector<SessionRow> pending_;
  std::chrono::steady_clock::time_point next_commit_;
  bool has_started_ = false;  ///< the first frame or row has come, so the start is known
  bool is_start_written_ = false;
  CaptureTime last_time_{};
  bool has_database_failed_ = false;  ///< rows then wait for the ending
  bool is_disk_full_ = false;         ///< it was met full; the reserve is given back
  SessionEnd wanted_end_ = SessionEnd::finished;
  std::string end_note_;
  std::int64_t rows_ = 0;
  std::int64_t rows_lost_ = 0;
  DiskWatch disk_;
  std::string picture_warning_;
};

}  // namespace yarbus
