#pragma once

#include <filesystem>
#include <vector>

#include "app/export/session/export_source.h"

namespace yarbus::test {

/// A session in memory, for exporters.
class SessionInMemory : public ExportSource {
 public:
  SessionInfo session_info;
  std::vector<SessionCamera> session_cameras;
  std::filesystem::path video_folder;
  std::vector<FrameRow> frames;
  std::vector<PupilRow> pupils;
  std::vector<PoseRow> poses;
  std::vector<FaceRow> faces;
  std::vector<GazeRow> gaze;
  std::vector<EventRow> events;
  std::vector<GapRow> gap_rows;
  std::vector<CalibrationRow> calibration_rows;
  std::vector<AnnotationRow> annotation_rows;
  std::vector<AnalysisInfo> analysis_infos{AnalysisInfo{}};
  std::vector<SettingRow> setting_rows;
  bool is_damaged = false;                 ///< read_gaze() fails
  mutable std::size_t most_rows_read = 0;  ///< pupils visited in one call

  [[nodiscard]] const SessionInfo& info() const override { return session_info; }
  [[nodiscard]] const std::vector<SessionCamera>& cameras() const override { return session_cameras; }
  [[nodiscard]] std::optional<std::filesystem::path> video_path(const SessionCamera& camera) const override;
  [[nodiscard]] Result<std::vector<AnalysisInfo>> analyses() const override { return analysis_infos; }
  [[nodiscard]] Result<std::vector<SettingRow>> settings() const override { return setting_rows; }
  [[nodiscard]] Result<std::vector<GapRow>> gaps() const override { return gap_rows; }
  [[nodiscard]] Result<std::vector<CalibrationRow>> calibrations() const override { return calibration_rows; }
  [[nodiscard]] Result<std::vector<AnnotationRow>> annotations() const override { return annotation_rows; }
  Result<void> read_frames(const Span& span, const Visit<FrameRow>& visit) const override;
  Result<void> read_pupils(const Span& span, const Visit<PupilRow>& visit) const override;
  Result<void> read_poses(const Span& span, const Visit<PoseRow>& visit) const override;
  Result<void> read_faces(const Span& span, const Visit<FaceRow>& visit) const override;
  Result<void> read_gaze(const Span& span, const Visit<GazeRow>& visit) const override;
  Result<void> read_events(const Span& span, const Visit<EventRow>& visit) const override;
};

/// Two near-eye cameras at 50 Hz for 24 s: the left one 4 ms after the right one, every tenth frame without a
/// pupil, gaze of both eyes on a screen with every right frame that has a pupil, three events, two
/// annotations and a gap. The two videos are small files without pictures in `folder`.
SessionInMemory two_eye_session(const std::filesystem::path& folder);
/// Only the right eye of it; its gaze rests on that eye.
SessionInMemory one_eye_session(const std::filesystem::path& folder);
/// A webcam at 25 Hz for 5 s.
SessionInMemory webcam_session();

}  // namespace yarbus::test
