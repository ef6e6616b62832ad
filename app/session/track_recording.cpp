#include "app/session/track_recording.h"

#include <chrono>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/session/event_numbers.h"
#include "app/session/gaze_rays.h"
#include "app/session/gaze_tap.h"
#include "app/session/sample_rows.h"

namespace yarbus {
namespace {

constexpr std::size_t rows_waiting = 1024;
constexpr std::chrono::milliseconds look_again{2};

}  // namespace

TrackRecording::TrackRecording(std::unique_ptr<SessionRecorder> recorder,
                               std::span<const TrackedCamera> cameras)
    : recorder_(std::move(recorder)), is_face_(cameras.front().source.mode == TrackingMode::webcam) {
  for (const TrackedCamera& camera : cameras) {
    const int number = static_cast<int>(cameras_.size());
    cameras_.push_back({number, camera.eye, camera.offset, false, 0,
                        SessionEvents(number, is_face_ ? std::nullopt : std::optional(camera.eye))});
  }
}

Result<TrackRecording> TrackRecording::start(const TrackRecordingRequest& request,
                                             std::span<const TrackedCamera> cameras) {
  YARBUS_CHECK(cameras.size() == 1 || (cameras.size() == 2 && cameras[0].eye != cameras[1].eye));
  RecordingRequest wanted;
  wanted.folder = request.folder;
  wanted.name = request.name.empty() ? cameras.front().source.name : request.name;
  wanted.participant = request.participant;
  wanted.notes = request.notes;
  wanted.software_version = request.software_version;
  for (const TrackedCamera& camera : cameras) {
    wanted.cameras.push_back(session_camera(static_cast<int>(wanted.cameras.size()), camera.source,
                                            camera.intrinsics, camera.eye));
  }
  wanted.options.with_video = request.with_video;
  auto recorder = SessionRecorder::start(std::move(wanted));
  if (!recorder) return recorder.error();
  TrackRecording recording(std::move(*recorder), cameras);
  recording.made_with_ = request.made_with;
  return recording;
}

TrackRecording::Camera& TrackRecording::camera_of(const GazeSample& sample) {
  const bool is_second = cameras_.size() > 1 && cameras_.back().eye == sample.frame->eye;
  return is_second ? cameras_.back() : cameras_.front();
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
  Camera& camera = camera_of(sample);
  if (!std::exchange(camera.is_described, true)) describe(camera, sample.frame->captured_at + camera.offset);
  FrameToRecord frame;
  frame.camera = camera.number;
  frame.sequence = sample.frame->sequence;
  frame.captured_at = sample.frame->captured_at + camera.offset;
  frame.gray = sample.frame->gray.view();
  frame.jpeg = sample.frame->jpeg;
  recorder_->add_frame(frame);
  if (is_face_) {
    add_face(camera, sample, gaze);
  } else {
    add_near_eye(camera, sample);
  }
  return {};
}

/// What its results were made with, as a live recording tells it.
void TrackRecording::describe(const Camera& camera, CaptureTime at) {
  if (is_face_) return;
  const nlohmann::json value{{"stage", to_string(made_with_.stage)},
                             {"bright_pupil", made_with_.bright_pupil},
                             {"refine_contrast", made_with_.refine_contrast}};
  recorder_->add(SettingRow{0, at, std::string(to_string(camera.eye)) + "_eye", value.dump()});
}

void TrackRecording::add_near_eye(Camera& camera, const GazeSample& sample) {
  auto pupil = pupil_row_of(sample, camera.number);
  pupil.captured_at += camera.offset;
  recorder_->add(pupil);
  if (sample.model != nullptr && sample.model->version != camera.model_version) {
    camera.model_version = sample.model->version;
    auto model = model_row_of(sample, camera.number);
    model.made_at += camera.offset;
    recorder_->add(std::move(model));
  }
  if (sample.pose) {
    auto pose = pose_row_of(sample, camera.number);
    pose.captured_at += camera.offset;
    recorder_->add(pose);
  }
  camera.events.add(sample);
}

void TrackRecording::add_face(Camera& camera, const GazeSample& sample,
                              const std::optional<GazePoint>& gaze) {
  const ProcedureFrame frame = face_frame_of(sample);
  recorder_->add(face_row_of(sample, camera.number));
  camera.events.add_face(sample, frame);
  if (!gaze) return;
  recorder_->add(gaze_row(camera.number, sample.frame->sequence, sample.frame->captured_at, *gaze,
                          confidence_of(frame)));
  camera.events.add_gaze(sample.frame->captured_at, gaze->point_in_screen_mm);
}

Result<RecorderSnapshot> TrackRecording::finish(std::initializer_list<std::span<const BlinkEvent>> blinks) {
  YARBUS_CHECK_OP(blinks.size(), ==, cameras_.size());
  std::optional<Error> failed;
  std::vector<EventRow> last;
  EventNumbers numbers;  // of the session, not of a camera
  const auto* of_camera = blinks.begin();
  for (const Camera& camera : cameras_) {
    auto events = camera.events.find(*of_camera++);
    if (!events) {
      failed = events.error();
      continue;
    }
    for (EventRow& event : events->rows) {
      event.id = numbers.next(event.kind);
      event.start += camera.offset;
      event.end += camera.offset;
      last.push_back(std::move(event));
    }
  }
  auto finished = recorder_->finish(std::move(last));
  if (!finished) return finished;
  if (failed) return *failed;
  return finished;
}

}  // namespace yarbus
