#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "app/recording/session_info.h"
#include "app/recording/session_rows.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// What exporters read of a session: rows in order of time, from `start` to before `end`, one at a time.
/// A recorded session is one (RecordedSessionSource). Errors: the reader's own. Threads: one owner.
class ExportSource {
 public:
  struct Span {
    AnalysisId analysis = live_analysis;
    std::optional<CaptureTime> start;
    std::optional<CaptureTime> end;
  };
  /// Called for row after row; returns whether to go on.
  template <class Row>
  using Visit = std::function<bool(const Row&)>;

  virtual ~ExportSource() = default;
  [[nodiscard]] virtual const SessionInfo& info() const = 0;
  [[nodiscard]] virtual const std::vector<SessionCamera>& cameras() const = 0;
  /// The camera's video file; nullopt: none was recorded, or it is gone.
  [[nodiscard]] virtual std::optional<std::filesystem::path> video_path(
      const SessionCamera& camera) const = 0;

  /// The recording's own first.
  [[nodiscard]] virtual Result<std::vector<AnalysisInfo>> analyses() const = 0;
  [[nodiscard]] virtual Result<std::vector<SettingRow>> settings() const = 0;
  [[nodiscard]] virtual Result<std::vector<GapRow>> gaps() const = 0;
  [[nodiscard]] virtual Result<std::vector<CalibrationRow>> calibrations() const = 0;
  [[nodiscard]] virtual Result<std::vector<AnnotationRow>> annotations() const = 0;

  virtual Result<void> read_frames(const Span& span, const Visit<FrameRow>& visit) const = 0;
  virtual Result<void> read_pupils(const Span& span, const Visit<PupilRow>& visit) const = 0;
  virtual Result<void> read_poses(const Span& span, const Visit<PoseRow>& visit) const = 0;
  virtual Result<void> read_faces(const Span& span, const Visit<FaceRow>& visit) const = 0;
  virtual Result<void> read_gaze(const Span& span, const Visit<GazeRow>& visit) const = 0;
  virtual Result<void> read_events(const Span& span, const Visit<EventRow>& visit) const = 0;
};

}  // namespace yarbus
