#include "app/session/sample_rows.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "app/session/gaze_rays.h"
#include "tracker/events/gaze_events.h"

namespace yarbus {
namespace {

constexpr std::size_t course_block = 4096;
/// Shut eyes of a face: shorter is a frame that was missed, longer is rest.
constexpr std::chrono::milliseconds shortest_shut{50};
constexpr std::chrono::milliseconds longest_shut{600};

}  // namespace

template <class Row>
Row SampleRows::row_of(const GazeSample& sample) const {
  Row row;
  row.camera = camera_;
  row.frame = static_cast<std::int64_t>(sample.frame->sequence);
  row.captured_at = sample.frame->captured_at;
  return row;
}

EventRow SampleRows::event_row(EventKind kind, CaptureTime start, CaptureTime end) {
  EventRow row;
  row.kind = kind;
  row.id = numbers_->next(kind);
  row.camera = camera_;
  if (!is_face_) row.eye = eye_;
  row.start = start;
  row.end = end;
  return row;
}

void SampleRows::add(const GazeSample& sample) {
  if (is_face_) {
    add_face(sample);
  } else {
    add_near_eye(sample);
  }
}

void SampleRows::add_near_eye(const GazeSample& sample) {
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
    model.camera = camera_;
    model.made_at = sample.frame->captured_at;
    model.model = *sample.model;
    recorder_->add(std::move(model));
  }
  if (!sample.pose) return keep(sample, Eigen::Vector3d::Zero(), false);
  auto pose = row_of<PoseRow>(sample);
  pose.model_version = sample.model_version();
  pose.pose = *sample.pose;
  recorder_->add(pose);
  keep(sample, sample.pose->gaze_dir_in_cam(), !sample.in_blink);
}

void SampleRows::add_face(const GazeSample& sample) {
  auto row = row_of<FaceRow>(sample);
  Eigen::Vector3d direction = Eigen::Vector3d::Zero();
  bool is_seen = false;
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
        direction += ray->optical_axis_in_cam;
        is_seen = true;
      }
    }
  } else {
    const auto& miss = std::get<FaceMiss>(*sample.face);
    row.miss = miss.reason;
    row.box = miss.face;
  }
  recorder_->add(row);
  keep(sample, direction, is_seen);
  note_shut_eyes(sample);
}

void SampleRows::keep(const GazeSample& sample, const Eigen::Vector3d& direction, bool is_valid) {
  const CaptureTime at = sample.frame->captured_at;
  if (!has_course_ || (!course_.empty() && at <= course_.back().back().gaze.at)) return;
  if (course_.empty() || course_.back().size() == course_block) course_.emplace_back().reserve(course_block);
  course_.back().push_back({{at, direction, is_valid}, sample.frame->sequence});
}

void SampleRows::note_shut_eyes(const GazeSample& sample) {
  if (!sample.in_blink) return end_shut_eyes();
  if (!shut_) {
    shut_.emplace();
    shut_->onset = sample.frame->captured_at;
    shut_->first_sequence = sample.frame->sequence;
  }
  shut_->offset = sample.frame->captured_at;
  shut_->last_sequence = sample.frame->sequence;
}

void SampleRows::end_shut_eyes() {
  const auto shut = std::exchange(shut_, std::nullopt);
  if (!shut) return;
  const auto lasted = shut->offset - shut->onset;
  if (lasted >= shortest_shut && lasted <= longest_shut) add_blink(*shut);
}

void SampleRows::add_blink(const BlinkEvent& blink) {
  auto row = event_row(EventKind::blink, blink.onset, blink.offset);
  row.first_frame = static_cast<std::int64_t>(blink.first_sequence);
  row.last_frame = static_cast<std::int64_t>(blink.last_sequence);
  row.max_closure = blink.max_closure;
  recorder_->add(std::move(row));
  blinks_.push_back(blink);
}

void SampleRows::time_restarted() {
  end_shut_eyes();
  has_course_ = false;
  course_.clear();
}

Result<void> SampleRows::finish() {
  end_shut_eyes();
  std::vector<GazeDirectionSample> series;
  std::vector<std::uint64_t> sequences;
  for (const std::vector<Seen>& block : course_) {
    for (const Seen& seen : block) {
      series.push_back(seen.gaze);
      sequences.push_back(seen.sequence);
    }
  }
  course_.clear();
  if (series.empty()) return {};
  const auto events = find_gaze_events(series, blinks_, {});
  if (!events) return events.error();
  const auto frame_at = [&](CaptureTime at) -> std::optional<std::int64_t> {
    const auto found =
        std::lower_bound(series.begin(), series.end(), at,
                         [](const GazeDirectionSample& each, CaptureTime time) { return each.at < time; });
    if (found == series.end()) return std::nullopt;
    return static_cast<std::int64_t>(sequences[static_cast<std::size_t>(found - series.begin())]);
  };
  const auto add_row = [&](EventRow row) {
    row.first_frame = frame_at(row.start);
    row.last_frame = frame_at(row.end);
    recorder_->add(std::move(row));
  };
  for (const FixationEvent& fixation : events->fixations) {
    auto row = event_row(EventKind::fixation, fixation.start, fixation.end);
    row.mean_direction = fixation.mean_direction;
    row.details_json = R"({"frame":"cam","spread_deg":)" + std::to_string(fixation.spread_deg) + '}';
    add_row(std::move(row));
  }
  for (const Saccade& saccade : events->saccades) {
    auto row = event_row(EventKind::saccade, saccade.onset, saccade.offset);
    row.amplitude_deg = saccade.amplitude_deg;
    row.peak_velocity_deg_s = saccade.peak_velocity_deg_s;
    add_row(std::move(row));
  }
  return {};
}

GazeRow gaze_row(int camera, std::uint64_t sequence, CaptureTime captured_at, const GazePoint& gaze,
                 double confidence) {
  GazeRow row;
  row.camera = camera;
  row.frame = static_cast<std::int64_t>(sequence);
  row.captured_at = captured_at;
  row.gaze = gaze;
  row.confidence = confidence;
  return row;
}

SessionCamera session_camera(int camera, const SourceSnapshot& source, const CameraIntrinsics& intrinsics,
                             EyeSide eye) {
  SessionCamera made;
  made.camera = camera;
  made.eye = eye;
  made.view = source.mode == TrackingMode::webcam ? CameraView::webcam : CameraView::near_eye;
  made.name = source.name;
  made.width_px = intrinsics.width_px;
  made.height_px = intrinsics.height_px;
  made.nominal_rate_hz = source.nominal_rate_hz;
  made.intrinsics = intrinsics;
  made.rotate_deg = source.request.rotate_deg;
  made.mirror = source.request.mirror;
  return made;
}

}  // namespace yarbus
