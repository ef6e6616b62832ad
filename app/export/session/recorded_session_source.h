#pragma once

#include "app/export/session/export_source.h"
#include "app/recording/recorded_session.h"

namespace yarbus {

/// A recorded session as what exporters read. Refers to the session, which must outlive it.
class RecordedSessionSource : public ExportSource {
 public:
  explicit RecordedSessionSource(const RecordedSession& session) : session_(session) {}

  [[nodiscard]] const SessionInfo& info() const override { return session_.info(); }
  [[nodiscard]] const std::vector<SessionCamera>& cameras() const override { return session_.cameras(); }
  [[nodiscard]] std::optional<std::filesystem::path> video_path(const SessionCamera& camera) const override;
  [[nodiscard]] Result<std::vector<AnalysisInfo>> analyses() const override { return session_.analyses(); }
  [[nodiscard]] Result<std::vector<SettingRow>> settings() const override { return session_.settings(); }
  [[nodiscard]] Result<std::vector<GapRow>> gaps() const override { return session_.gaps(); }
  [[nodiscard]] Result<std::vector<CalibrationRow>> calibrations() const override {
    return session_.calibrations();
  }
  [[nodiscard]] Result<std::vector<AnnotationRow>> annotations() const override {
    return session_.annotations();
  }
  Result<void> read_frames(const Span& span, const Visit<FrameRow>& visit) const override;
  Result<void> read_pupils(const Span& span, const Visit<PupilRow>& visit) const override;
  Result<void> read_poses(const Span& span, const Visit<PoseRow>& visit) const override;
  Result<void> read_faces(const Span& span, const Visit<FaceRow>& visit) const override;
  Result<void> read_gaze(const Span& span, const Visit<GazeRow>& visit) const override;
  Result<void> read_events(const Span& span, const Visit<EventRow>& visit) const override;

 private:
  const RecordedSession& session_;
};

}  // namespace yarbus
