#include "app/session/track_recording.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "app/session/gaze_rays.h"
#include "tracker/events/gaze_events.h"

namespace yarbus {
namespace {

constexpr int only_camera = 0;
constexpr std::size_t rows_waiting = 1024;
constexpr std::chrono::milliseconds look_again{2};
/// Shut eyes of a face: shorter is a frame that was missed, longer is rest.
constexpr std::chrono::milliseconds shortest_blink{50};
constexpr std::chrono::milliseconds longest_blink{600};

SessionCamera camera_of(const SourceSnapshot& source, const CameraIntrinsics& intrinsics, EyeSide eye) {
  SessionCamera camera;
  camera.camera = only_camera;
  camera.eye = eye;
  camera.view = source.mode == TrackingMode::webcam ? CameraView::webcam : CameraView::near_eye;
  camera.name = source.name;
  camera.width_px = intrinsics.width_px;
  camera.height_px = intrinsics.height_px;
  camera.nominal_rate_hz = source.nominal_rate_hz;
  camera.intrinsics = intrinsics;
  camera.rotate_deg = source.request.rotate_deg;
  camera.mirror = source.request.mirror;
  return camera;
}

template <class Row>
Row row_of(const GazeSample& sample) {
  Row row;
  row.camera = only_camera;
  row.frame = static_cast<std::int64_t>(sample.frame->sequence);
  row.captured_at = sample.frame->captured_at;
  return row;
}

EventRow event_row(EventKind kind, std::int64_t id, CaptureTime start, CaptureTime end) {
  EventRow row;
  row.kind = kind;
  row.id = id;
  row.camera = only_camera;
  row.start = start;
  row.end = end;
  return row;
}

}  // namespace

Result<TrackRecording> TrackRecording::start(const TrackRecordingRequest& request,
                                             const SourceSnapshot& source, const CameraIntrinsics& intrinsics,
                                             EyeSide eye) {
  RecordingRequest wanted;
  wanted.folder = request.folder;
  wanted.name = request.name.empty() ? source.name : request.name;
  wanted.participant = request.participant;
  wanted.notes = request.notes;
  wanted.software_version = request.software_version;
  wanted.cameras.push_back(camera_of(source, intrinsics, eye));
  wanted.options.with_video = request.with_video;
  auto recorder = SessionRecorder::start(std::move(wanted));
  if (!recorder) return recorder.error();
  TrackRecording recording(std::move(*recorder), eye);
  recording.is_face_ = source.mode == TrackingMode::webcam;
  return recording;
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
  sequences_.push_back(sample.frame->sequence);
  if (is_face_) {
    add_face(sample, gaze);
  } else {
    add_near_eye(sample);
  }
  return {};
}

void TrackRecording::add_near_eye(const GazeSample& sample) {
  auto row = row_of<PupilRow>(sample);
  if (const PupilObservation* pupil = sample.observation()) {
    row.ellipse = pupil->ellipse;
    row.covariance_px2 = pupil->covariance_px2;
  } else {
    row.miss = sample.miss()->reason;
  }
  row.confidence = sample.miss() != nullptr ? sample.miss()->best_confidence : confidence_of(sample.pupil);
  row.lid_closure = lid_closure_of(sample.pupil);
  row.in_blink = sample.in_blink;
  recorder_->add(row);
  if (sample.model != nullptr && sample.model->version != model_version_) {
    model_version_ = sample.model->version;
    ModelRow model;
    model.camera = only_camera;
    model.made_at = sample.frame->captured_at;
    model.model = *sample.model;
    recorder_->add(std::move(model));
  }
  GazeDirectionSample direction{sample.frame->captured_at, Eigen::Vector3d::Zero(), false};
  if (sample.pose) {
    auto pose = row_of<PoseRow>(sample);
    pose.model_version = sample.model_version();
    pose.pose = *sample.pose;
    recorder_->add(pose);
    direction.direction = sample.pose->gaze_dir_in_cam();
    direction.is_valid = !sample.in_blink;
  }
  series_.push_back(direction);
}

void TrackRecording::add_face(const GazeSample& sample, const std::optional<GazePoint>& gaze) {
  auto row = row_of<FaceRow>(sample);
  GazeDirectionSample direction{sample.frame->captured_at, Eigen::Vector3d::Zero(), false};
  double confidence = 0.0;
  int eyes = 0;
  if (const auto* pair = std::get_if<IrisPair>(&*sample.face)) {
    row.box = pair->face;
    row.head = pair->sight->head;
    const ProcedureFrame frame = face_frame_of(sample);
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (pair->eyes[eye] && pair->sight->eyes[eye]) {
        const EyeSight& sight = *pair->sight->eyes[eye];
        row.eyes[eye] =
            FaceEyeRow{pair->eyes[eye]->limbus, sight.iris_dir_in_cam, sight.eye_center_in_head_mm,
                       sight.limbus_radius_rad, sight.openness,        sight.confidence};
      }
      if (const auto& ray = frame.rays.eyes[eye]) {
        direction.direction += ray->optical_axis_in_cam;
        confidence += ray->confidence;
        ++eyes;
      }
    }
    direction.is_valid = eyes > 0;
  } else {
    const auto& miss = std::get<FaceMiss>(*sample.face);
    row.miss = miss.reason;
    row.box = miss.face;
  }
  recorder_->add(row);
  series_.push_back(direction);
  note_shut_eyes(sample);
  if (!gaze) return;
  auto on_screen = row_of<GazeRow>(sample);
  on_screen.gaze = *gaze;
  on_screen.confidence = eyes > 0 ? confidence / eyes : 0.0;
  recorder_->add(on_screen);
}

void TrackRecording::note_shut_eyes(const GazeSample& sample) {
  if (sample.in_blink) {
    if (!is_shut_) {
      BlinkEvent blink;
      blink.onset = sample.frame->captured_at;
      blink.first_sequence = sample.frame->sequence;
      shut_.push_back(blink);
    }
    shut_.back().offset = sample.frame->captured_at;
    shut_.back().last_sequence = sample.frame->sequence;
  }
  is_shut_ = sample.in_blink;
}

Result<void> TrackRecording::add_events(std::span<const BlinkEvent> blinks) {
  for (std::size_t i = 0; i < blinks.size(); ++i) {
    auto row = event_row(EventKind::blink, static_cast<std::int64_t>(i), blinks[i].onset, blinks[i].offset);
    if (!is_face_) row.eye = eye_;
    row.first_frame = static_cast<std::int64_t>(blinks[i].first_sequence);
    row.last_frame = static_cast<std::int64_t>(blinks[i].last_sequence);
    row.max_closure = blinks[i].max_closure;
    recorder_->add(std::move(row));
  }
  const auto events = find_gaze_events(series_, blinks, {});
  if (!events) return events.error();
  const auto frame_at = [&](CaptureTime at) -> std::optional<std::int64_t> {
    const auto found =
        std::lower_bound(series_.begin(), series_.end(), at,
                         [](const GazeDirectionSample& each, CaptureTime time) { return each.at < time; });
    if (found == series_.end()) return std::nullopt;
    return static_cast<std::int64_t>(sequences_[static_cast<std::size_t>(found - series_.begin())]);
  };
  const auto add = [&](EventRow row) {
    if (!is_face_) row.eye = eye_;
    row.first_frame = frame_at(row.start);
    row.last_frame = frame_at(row.end);
    recorder_->add(std::move(row));
  };
  for (std::size_t i = 0; i < events->fixations.size(); ++i) {
    const FixationEvent& fixation = events->fixations[i];
    auto row = event_row(EventKind::fixation, static_cast<std::int64_t>(i), fixation.start, fixation.end);
    row.mean_direction = fixation.mean_direction;
    row.details_json = R"({"frame":"cam","spread_deg":)" + std::to_string(fixation.spread_deg) + '}';
    add(std::move(row));
  }
  for (std::size_t i = 0; i < events->saccades.size(); ++i) {
    const Saccade& saccade = events->saccades[i];
    auto row = event_row(EventKind::saccade, static_cast<std::int64_t>(i), saccade.onset, saccade.offset);
    row.amplitude_deg = saccade.amplitude_deg;
    row.peak_velocity_deg_s = saccade.peak_velocity_deg_s;
    add(std::move(row));
  }
  return {};
}

Result<RecorderSnapshot> TrackRecording::finish(std::span<const BlinkEvent> blinks) {
  if (is_face_) {
    std::erase_if(shut_, [](const BlinkEvent& blink) {
      const auto lasted = blink.offset - blink.onset;
      return lasted < shortest_blink || lasted > longest_blink;
    });
    blinks = shut_;
  }
  const auto events = series_.empty() ? Result<void>{} : add_events(blinks);
  auto finished = recorder_->finish();
  if (!finished) return finished;
  if (!events) return events.error();
  return finished;
}

}  // namespace yarbus
