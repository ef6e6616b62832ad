#include "tests/support/exported_session.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>

namespace yarbus::test {
namespace {

using std::chrono::milliseconds;

constexpr CaptureTime started_at = std::chrono::seconds(1000);

template <class Row>
CaptureTime time_of(const Row& row) {
  return row.captured_at;
}
CaptureTime time_of(const EventRow& row) { return row.start; }

template <class Row>
std::size_t visit_rows(const std::vector<Row>& rows, const ExportSource::Span& span,
                       const ExportSource::Visit<Row>& visit) {
  std::size_t visited = 0;
  for (const Row& row : rows) {
    const CaptureTime at = time_of(row);
    if ((span.start && at < *span.start) || (span.end && at >= *span.end)) continue;
    ++visited;
    if (!visit(row)) break;
  }
  return visited;
}

template <class Row>
void sort_by_time(std::vector<Row>& rows) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return time_of(a) < time_of(b); });
}

SessionInfo example_info() {
  SessionInfo info;
  info.session_id = "0f8fad5b-d9cb-469f-a165-70867728950e";
  info.name = "First, \"quoted\" session";
  info.participant = "P-07";
  info.notes = "two lines\nof notes";
  info.software_version = "0.1.0";
  info.started_at = started_at;
  info.started_at_wall = std::chrono::seconds(1732650000);
  info.end = SessionEnd::finished;
  ScreenGeometry screen;
  screen.width_mm = 520.0;
  screen.height_mm = 290.0;
  screen.width_px = 1920;
  screen.height_px = 1080;
  screen.viewing_distance_mm = 600.0;
  info.screen = screen;
  return info;
}

SessionCamera eye_camera(int number, EyeSide side) {
  SessionCamera camera;
  camera.camera = number;
  camera.eye = side;
  camera.name = to_string(side);
  camera.width_px = 400;
  camera.height_px = 300;
  camera.nominal_rate_hz = 50.0;
  camera.intrinsics = CameraIntrinsics::from_focal_length(500.0, 400, 300);
  camera.codec = VideoCodec::camera_mjpeg;
  camera.video_file = std::string("eye-") + to_string(side) + ".mkv";
  return camera;
}

void add_eye_frame(SessionInMemory& session, const SessionCamera& camera, std::int64_t number,
                   CaptureTime at) {
  FrameRow frame;
  frame.camera = camera.camera;
  frame.frame = number;
  frame.captured_at = at;
  frame.arrived_at = at + milliseconds(3);
  frame.lost_before = number == 500 ? 2 : 0;
  frame.video_pts = number * 20;
  session.frames.push_back(frame);
  PupilRow pupil;
  pupil.camera = camera.camera;
  pupil.frame = number;
  pupil.captured_at = at;
  const double phase = 0.01 * static_cast<double>(number);
  if (number % 10 == 9) {
    pupil.miss = PupilMissReason::blink;
    pupil.confidence = 0.1;
    pupil.in_blink = true;
    session.pupils.push_back(pupil);
    return;
  }
  pupil.ellipse = {{200.0 + 30.0 * std::sin(phase), 150.0}, 25.0, 20.0, 0.5};
  pupil.confidence = 0.95;
  pupil.lid_closure = 0.125;
  session.pupils.push_back(pupil);
  PoseRow pose;
  pose.camera = camera.camera;
  pose.frame = number;
  pose.captured_at = at;
  pose.model_version = 3;
  pose.pose.eye_center_in_cam_mm = {1.0, -2.0, 40.0};
  pose.pose.eyeball_radius_mm = 10.0;
  const Eigen::Vector3d normal = Eigen::Vector3d(0.2 * std::sin(phase), 0.1, -1.0).normalized();
  pose.pose.pupil_in_cam = {pose.pose.eye_center_in_cam_mm + 10.0 * normal, normal, 1.75};
  session.poses.push_back(pose);
}

void add_events(SessionInMemory& session, std::optional<EyeSide> eye, int camera) {
  EventRow blink;
  blink.kind = EventKind::blink;
  blink.eye = eye;
  blink.camera = camera;
  blink.start = started_at + milliseconds(2000);
  blink.end = started_at + milliseconds(2200);
  blink.confidence = 0.75;
  EventRow fixation;
  fixation.kind = EventKind::fixation;
  fixation.start = started_at + milliseconds(500);
  fixation.end = started_at + milliseconds(900);
  fixation.start_in_screen_mm = Eigen::Vector2d(260.0, 72.5);
  fixation.dispersion_deg = 0.5;
  fixation.confidence = 0.9;
  EventRow saccade;
  saccade.kind = EventKind::saccade;
  saccade.start = started_at + milliseconds(900);
  saccade.end = started_at + milliseconds(940);
  saccade.amplitude_deg = 8.5;
  saccade.peak_velocity_deg_s = 310.0;
  saccade.details_json = R"({"found_by": "velocity"})";
  session.events = {fixation, saccade, blink};
  AnnotationRow note;
  note.at = started_at + milliseconds(1500);
  note.label = "task, begins";
  note.details_json = R"({"trial": 4, "hand": "left"})";
  AnnotationRow end;
  end.id = 1;
  end.at = started_at + milliseconds(4500);
  end.duration = milliseconds(250);
  end.label = "task ends";
  session.annotation_rows = {note, end};
  GapRow gap;
  gap.camera = camera;
  gap.start = started_at + milliseconds(3000);
  gap.end = started_at + milliseconds(3040);
  gap.frames_lost = 2;
  gap.note = "the camera, not us";
  session.gap_rows = {gap};
  CalibrationRow calibration;
  calibration.id = 1;
  calibration.accuracy_deg = 0.6;
  session.calibration_rows = {calibration};
}

SessionInMemory near_eye_session(const std::filesystem::path& folder, bool has_left) {
  SessionInMemory session;
  session.session_info = example_info();
  session.session_info.duration = std::chrono::seconds(24);
  session.video_folder = folder;
  session.session_cameras = {eye_camera(0, EyeSide::right)};
  if (has_left) session.session_cameras.push_back(eye_camera(1, EyeSide::left));
  for (std::int64_t number = 0; number < 1200; ++number) {
    const CaptureTime at = started_at + number * milliseconds(20);
    add_eye_frame(session, session.session_cameras[0], number, at);
    if (has_left) add_eye_frame(session, session.session_cameras[1], number, at + milliseconds(4));
    if (number % 10 == 9) continue;
    GazeRow gaze;
    gaze.captured_at = at;
    gaze.frame = number;
    gaze.calibration = 1;
    gaze.gaze.point_in_screen_mm = {130.0 + 0.1 * static_cast<double>(number), 145.0};
    gaze.gaze.covariance_mm2 << 4.0, 0.5, 0.5, 9.0;
    gaze.gaze.eyes = {true, has_left};
    gaze.confidence = 0.9;
    session.gaze.push_back(gaze);
  }
  sort_by_time(session.frames);
  sort_by_time(session.pupils);
  sort_by_time(session.poses);
  add_events(session, EyeSide::right, 0);
  for (const SessionCamera& camera : session.session_cameras)
    std::ofstream(folder / camera.video_file, std::ios::binary) << "video of the " << camera.name << " eye";
  return session;
}

}  // namespace

std::optional<std::filesystem::path> SessionInMemory::video_path(const SessionCamera& camera) const {
  const auto path = video_folder / camera.video_file;
  if (camera.video_file.empty() || !std::filesystem::exists(path)) return std::nullopt;
  return path;
}

Result<void> SessionInMemory::read_frames(const Span& span, const Visit<FrameRow>& visit) const {
  return visit_rows(frames, span, visit), Result<void>();
}
Result<void> SessionInMemory::read_pupils(const Span& span, const Visit<PupilRow>& visit) const {
  most_rows_read = std::max(most_rows_read, visit_rows(pupils, span, visit));
  return {};
}
Result<void> SessionInMemory::read_poses(const Span& span, const Visit<PoseRow>& visit) const {
  return visit_rows(poses, span, visit), Result<void>();
}
Result<void> SessionInMemory::read_faces(const Span& span, const Visit<FaceRow>& visit) const {
  return visit_rows(faces, span, visit), Result<void>();
}
Result<void> SessionInMemory::read_gaze(const Span& span, const Visit<GazeRow>& visit) const {
  if (is_damaged) return Error{ErrorCode::input_unreadable, "damaged", "gaze", "Repair it"};
  return visit_rows(gaze, span, visit), Result<void>();
}
Result<void> SessionInMemory::read_events(const Span& span, const Visit<EventRow>& visit) const {
  return visit_rows(events, span, visit), Result<void>();
}

SessionInMemory two_eye_session(const std::filesystem::path& folder) {
  return near_eye_session(folder, true);
}
SessionInMemory one_eye_session(const std::filesystem::path& folder) {
  return near_eye_session(folder, false);
}

SessionInMemory webcam_session() {
  SessionInMemory session;
  session.session_info = example_info();
  session.session_info.duration = std::chrono::seconds(5);
  SessionCamera camera;
  camera.view = CameraView::webcam;
  camera.width_px = 1280;
  camera.height_px = 720;
  camera.nominal_rate_hz = 25.0;
  session.session_cameras = {camera};
  for (std::int64_t number = 0; number < 125; ++number) {
    FrameRow frame;
    frame.frame = number;
    frame.captured_at = started_at + number * milliseconds(40);
    session.frames.push_back(frame);
    FaceRow face;
    face.frame = number;
    face.captured_at = frame.captured_at;
    if (number % 5 == 4) {
      face.miss = FaceMissReason::eyes_closed;
      session.faces.push_back(face);
      continue;
    }
    face.box = FaceBox{{640.0, 360.0}, 200.0, 1.0};
    FaceEyeRow eye;
    eye.openness = 0.75;
    eye.confidence = 0.875;
    face.eyes[0] = eye;
    session.faces.push_back(face);
    GazeRow gaze;
    gaze.captured_at = frame.captured_at;
    gaze.frame = number;
    gaze.gaze.point_in_screen_mm = {260.0, 145.0};
    gaze.gaze.eyes = {true, true};
    gaze.confidence = 0.8;
    session.gaze.push_back(gaze);
  }
  add_events(session, std::nullopt, 0);
  return session;
}

}  // namespace yarbus::test
