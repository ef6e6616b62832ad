#include "app/export/session/recorded_session_source.h"

#include <system_error>

namespace yarbus {
namespace {

RowSelection selection_of(const ExportSource::Span& span) {
  return {span.analysis, std::nullopt, span.start, span.end};
}

}  // namespace

std::optional<std::filesystem::path> RecordedSessionSource::video_path(const SessionCamera& camera) const {
  if (camera.video_file.empty()) return std::nullopt;
  auto path = session_.folder() / camera.video_file;
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return std::nullopt;
  return path;
}

Result<void> RecordedSessionSource::read_frames(const Span& span, const Visit<FrameRow>& visit) const {
  return session_.read_frames(selection_of(span), visit);
}
Result<void> RecordedSessionSource::read_pupils(const Span& span, const Visit<PupilRow>& visit) const {
  return session_.read_pupils(selection_of(span), visit);
}
Result<void> RecordedSessionSource::read_poses(const Span& span, const Visit<PoseRow>& visit) const {
  return session_.read_poses(selection_of(span), visit);
}
Result<void> RecordedSessionSource::read_faces(const Span& span, const Visit<FaceRow>& visit) const {
  return session_.read_faces(selection_of(span), visit);
}
Result<void> RecordedSessionSource::read_gaze(const Span& span, const Visit<GazeRow>& visit) const {
  return session_.read_gaze(selection_of(span), visit);
}
Result<void> RecordedSessionSource::read_events(const Span& span, const Visit<EventRow>& visit) const {
  return session_.read_events(selection_of(span), visit);
}

}  // namespace yarbus
