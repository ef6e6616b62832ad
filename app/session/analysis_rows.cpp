#include "app/session/analysis_rows.h"

#include <algorithm>
#include <utility>

#include "app/session/gaze_rays.h"
#include "app/session/gaze_tap.h"
#include "app/session/sample_rows.h"

namespace yarbus {
namespace {

/// More than frames of both eyes can lie behind the newest sample.
constexpr std::size_t seen_kept = 16;

}  // namespace

void AnalysisRows::begin_eyes(const std::array<std::optional<int>, 2>& cameras) {
  frames_ = GazeFrames();
  seen_.clear();
  for (const EyeSide eye : eye_sides) {
    auto& own = eyes_[index_of(eye)];
    own.reset();
    if (cameras[index_of(eye)]) own.emplace(*cameras[index_of(eye)], eye);
  }
}

Result<void> AnalysisRows::add_eye(EyeSide eye, const GazeSample& sample) {
  Camera& own = *eyes_[index_of(eye)];
  ++outcome_.frames;
  outcome_.frames_found += sample.observation() != nullptr ? 1 : 0;
  own.unlabelled.push_back(pupil_row_of(sample, own.camera));
  if (sample.model != nullptr && sample.model->version != own.model_version) {
    own.model_version = sample.model->version;
    if (auto added = writer_.add(model_row_of(sample, own.camera)); !added) return added;
  }
  if (sample.pose) {
    ++outcome_.frames_with_gaze;
    if (auto added = writer_.add(pose_row_of(sample, own.camera)); !added) return added;
  }
  own.events.add(sample);
  if (calibrations_.all().empty()) return {};
  note_seen(sample, own.camera);
  for (const ProcedureFrame& frame : frames_.push(eye, EyeGlance::of(sample))) {
    if (auto added = add_gaze(frame); !added) return added;
  }
  return {};
}

void AnalysisRows::note_seen(const GazeSample& sample, int camera) {
  seen_.push_back({sample.frame->captured_at, camera, static_cast<std::int64_t>(sample.frame->sequence)});
  if (seen_.size() > seen_kept) seen_.pop_front();
}

Result<void> AnalysisRows::add_gaze(const ProcedureFrame& frame) {
  const auto gaze = calibrations_.map(frame);
  const auto of =
      std::find_if(seen_.rbegin(), seen_.rend(), [&](const Seen& seen) { return seen.at == frame.at(); });
  if (!gaze || of == seen_.rend()) return {};
  GazeRow row;
  row.captured_at = frame.at();
  row.camera = of->camera;
  row.frame = of->frame;
  row.calibration = gaze->calibration;
  row.gaze = gaze->point;
  row.confidence = confidence_of(frame);
  ++outcome_.gaze_on_screen;
  for (auto& eye : eyes_) {
    if (eye) eye->events.add_gaze(row.captured_at, gaze->point.point_in_screen_mm);
  }
  if (face_) face_->events.add_gaze(row.captured_at, gaze->point.point_in_screen_mm);
  return writer_.add(std::move(row));
}

Result<void> AnalysisRows::add_label(EyeSide eye, const std::optional<int>& blink_id) {
  auto& unlabelled = eyes_[index_of(eye)]->unlabelled;
  YARBUS_CHECK(!unlabelled.empty());
  PupilRow row = unlabelled.front();
  unlabelled.pop_front();
  row.in_blink = blink_id.has_value();
  return writer_.add(std::move(row));
}

Result<void> AnalysisRows::end_eye(EyeSide eye, std::span<const BlinkEvent> blinks) {
  Camera& own = *eyes_[index_of(eye)];
  for (; !own.unlabelled.empty(); own.unlabelled.pop_front()) {
    if (auto added = writer_.add(own.unlabelled.front()); !added) return added;
  }
  return write_events(own, blinks);
}

void AnalysisRows::begin_face(int camera) {
  eyes_ = {};
  seen_.clear();
  face_.emplace(camera, std::nullopt);
}

Result<void> AnalysisRows::add_face(const GazeSample& sample, const ProcedureFrame& frame) {
  ++outcome_.frames;
  outcome_.frames_found += std::holds_alternative<IrisPair>(*sample.face) ? 1 : 0;
  const bool has_ray = std::any_of(frame.rays.eyes.begin(), frame.rays.eyes.end(),
                                   [](const auto& ray) { return ray.has_value(); });
  outcome_.frames_with_gaze += has_ray ? 1 : 0;
  if (auto added = writer_.add(face_row_of(sample, face_->camera)); !added) return added;
  face_->events.add_face(sample, frame);
  note_seen(sample, face_->camera);
  return add_gaze(frame);
}

Result<void> AnalysisRows::end_face() {
  const auto written = write_events(*face_, {});
  face_.reset();
  return written;
}

Result<void> AnalysisRows::write_events(const Camera& camera, std::span<const BlinkEvent> blinks) {
  auto found = camera.events.find(blinks, options_);
  if (!found) return found.error();
  if (!found->saccade_miss.empty())
    outcome_.notes.push_back("camera " + std::to_string(camera.camera) + ": " + found->saccade_miss);
  for (EventRow& row : found->rows) {
    outcome_.blinks += row.kind == EventKind::blink ? 1 : 0;
    outcome_.fixations += row.kind == EventKind::fixation ? 1 : 0;
    outcome_.saccades += row.kind == EventKind::saccade ? 1 : 0;
    row.id = numbers_.next(row.kind);  // of the analysis, not of a camera
    if (auto added = writer_.add(std::move(row)); !added) return added;
  }
  return {};
}

}  // namespace yarbus
