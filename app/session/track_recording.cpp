#include "app/session/track_recording.h"

#include <chrono>
#include <thread>
#include <utility>

#include "app/session/gaze_rays.h"
#include "app/session/gaze_tap.h"

namespace yarbus {
namespace {

constexpr int only_camera = 0;
constexpr std::size_t rows_waiting = 1024;
constexpr std::chrono::milliseconds look_again{2};

}  // namespace

TrackRecording::TrackRecording(std::unique_ptr<SessionRecorder> recorder, EyeSide eye, bool is_face)
    : recorder_(std::move(recorder)),
      numbers_(std::make_unique<EventNumbers>()),
      rows_(*recorder_, *numbers_, only_camera, eye, is_face) {}

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
  return TrackRecording(std::move(*recorder), eye, source.mode == TrackingMode::webcam);
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
  rows_.add(sample);
  if (gaze)
    recorder_->add(gaze_row(only_camera, frame.sequence, frame.captured_at, *gaze,
                            confidence_of(face_frame_of(sample))));
  return {};
}

Result<RecorderSnapshot> TrackRecording::finish(std::span<const BlinkEvent> blinks) {
  for (const BlinkEvent& blink : blinks) rows_.add_blink(blink);
  const auto events = rows_.finish();
  auto finished = recorder_->finish();
  if (!finished) return finished;
  if (!events) return events.error();
  return finished;
}

}  // namespace yarbus
