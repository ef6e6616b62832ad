#include "app/session/track_recording.h"

#include <chrono>
#include <thread>
#include <utility>

#include "app/session/gaze_rays.h"
#include "app/session/gaze_tap.h"
#include "app/session/sample_rows.h"

namespace yarbus {
namespace {

constexpr int only_camera = 0;
constexpr std::size_t rows_waiting = 1024;
constexpr std::chrono::milliseconds look_again{2};

}  // namespace

TrackRecording::TrackRecording(std::unique_ptr<SessionRecorder> recorder, bool is_face, EyeSide eye)
    : recorder_(std::move(recorder)),
      is_face_(is_face),
      events_(only_camera, is_face ? std::nullopt : std::optional(eye)) {}

Result<TrackRecording> TrackRecording::start(const TrackRecordingRequest& request,
                                             const SourceSnapshot& source, const CameraIntrinsics& intrinsics,
                                             EyeSide eye) {
  RecordingRequest wanted;
  wanted.folder = request.folder;
  wanted.name = request.name.empty() ? source.name : request.name;
  wanted.participant = request.participant;
  wanted.notes = request.notes;
  wanted.software_version = request.software_version;
  wanted.cameras.push_back(session_camera(only_camera, source, intrinsics, eye));
  wanted.options.with_video = request.with_video;
  auto recorder = SessionRecorder::start(std::move(wanted));
  if (!recorder) return recorder.error();
  return TrackRecording(std::move(*recorder), source.mode == TrackingMode::webcam, eye);
}

Result<void> TrackRecording::wait_for_room() {
  while (true) {
    const RecorderSnapshot now = recorder_->snapshot();
    if (!now.is_recording)
      return Error{ErrorCode::output_unwritable, "the recording ended: " + now.end_note,
                   recorder_->folder().string(),
                   "Make room on the disk and start again; what was recorded is kept"};
    if (now.queue_rows < rows_waiting && 2 * now.queue_pictures <= now.queue_pictures_capacity) return {};
    std::this_thread::sleep_for(look_again);
  }
}

Result<void> TrackRecording::add(const GazeSample& sample, const std::optional<GazePoint>& gaze) {
  if (const auto room = wait_for_room(); !room) return room;
  FrameToRecord frame;
  frame.camera = only_camera;
  frame.sequence = sample.frame->sequence;
  frame.captured_at = sample.frame->captured_at;
  frame.gray = sample.frame->gray.view();
  recorder_->add_frame(frame);
  if (is_face_) {
    add_face(sample, gaze);
  } else {
    add_near_eye(sample);
  }
  return {};
}

void TrackRecording::add_near_eye(const GazeSample& sample) {
  recorder_->add(pupil_row_of(sample, only_camera));
  if (sample.model != nullptr && sample.model->version != model_version_) {
    model_version_ = sample.model->version;
    recorder_->add(model_row_of(sample, only_camera));
  }
  if (sample.pose) recorder_->add(pose_row_of(sample, only_camera));
  events_.add(sample);
}

void TrackRecording::add_face(const GazeSample& sample, const std::optional<GazePoint>& gaze) {
  const ProcedureFrame frame = face_frame_of(sample);
  recorder_->add(face_row_of(sample, only_camera));
  events_.add_face(sample, frame);
  if (!gaze) return;
  recorder_->add(
      gaze_row(only_camera, sample.frame->sequence, sample.frame->captured_at, *gaze, confidence_of(frame)));
  events_.add_gaze(sample.frame->captured_at, gaze->point_in_screen_mm);
}

Result<RecorderSnapshot> TrackRecording::finish(std::span<const BlinkEvent> blinks) {
  auto events = events_.find(blinks);
  if (events) {
    for (EventRow& event : *events) recorder_->add(std::move(event));
  }
  auto finished = recorder_->finish();
  if (!finished) return finished;
  if (!events) return events.error();
  return finished;
}

}  // namespace yarbus
