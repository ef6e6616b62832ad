#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "app/export/session/export_session.h"
#include "app/export/session/export_source.h"

namespace yarbus {

/// Some seconds of a session, with what belongs together found by time.
struct SessionChunk {
  std::vector<FrameRow> frames;
  std::vector<PupilRow> pupils;
  std::vector<FaceRow> faces;
  std::vector<GazeRow> gaze;
  /// Also those shortly before and after, which rows at the edges belong with.
  std::vector<PoseRow> poses;
  std::vector<PupilRow> pupils_around;

  /// Of exactly that frame; null: none.
  [[nodiscard]] const PoseRow* pose_of(int camera, CaptureTime captured_at) const;
  [[nodiscard]] const PupilRow* pupil_of(int camera, CaptureTime captured_at) const;
  /// Of that camera's frame nearest in time, at most 25 ms away; null: none.
  [[nodiscard]] const PoseRow* pose_near(int camera, CaptureTime at) const;
  [[nodiscard]] const PupilRow* pupil_near(int camera, CaptureTime at) const;
};

/// What all exporters need while they run.
struct ExportRun {
  const ExportSource& source;
  const ExportOptions& options;
  const ExportProgress& progress;
  std::stop_token stop;
  std::vector<std::string>& notes;

  /// Errors: interrupted, if the export is to stop.
  [[nodiscard]] Result<void> check() const;
  void tell(double share) const {
    if (progress) progress(share);
  }
  [[nodiscard]] const SessionCamera* camera(int number) const;
  /// The near-eye camera of that eye; null: none.
  [[nodiscard]] const SessionCamera* eye_camera(EyeSide side) const;
  /// Seconds since the session's start.
  [[nodiscard]] double time_s(CaptureTime at) const;
  /// All of them, by start.
  [[nodiscard]] Result<std::vector<EventRow>> events() const;
};

/// The rows of one stretch of time. Errors: the source's.
Result<SessionChunk> read_chunk(const ExportRun& run, std::optional<CaptureTime> start,
                                std::optional<CaptureTime> end);

/// Reads a whole session, some seconds at a time, and tells progress from `first_share` to `last_share`.
/// Errors: the source's, the visitor's; interrupted.
Result<void> for_each_chunk(const ExportRun& run, double first_share, double last_share,
                            const std::function<Result<void>(const SessionChunk&)>& visit);

/// The capture times of the frames that indices of "world" frames count: those of the first camera.
struct FrameTimeline {
  std::vector<CaptureTime> times;
  std::vector<std::int64_t> video_pts;  ///< of the same frames; their own index where there is no picture

  /// Of the frame nearest in time; 0 for an empty timeline.
  [[nodiscard]] std::size_t index_near(CaptureTime at) const;
};
Result<FrameTimeline> read_timeline(const ExportRun& run);

}  // namespace yarbus
