#include "app/session/live_rows.h"

#include <utility>

#include "app/session/gaze_rays.h"
#include "app/session/sample_rows.h"

namespace yarbus {

void LiveRows::add(const GazeSample& sample) {
  if (is_face_) {
    recorder_->add(face_row_of(sample, camera_));
    if (has_course_) events_.add_face(sample, face_frame_of(sample));
    return note_shut_eyes(sample);
  }
  recorder_->add(pupil_row_of(sample, camera_));
  if (sample.model != nullptr && sample.model->version != model_version_) {
    model_version_ = sample.model->version;
    recorder_->add(model_row_of(sample, camera_));
  }
  if (sample.pose) recorder_->add(pose_row_of(sample, camera_));
  if (has_course_) events_.add(sample);
}

void LiveRows::note_shut_eyes(const GazeSample& sample) {
  if (!sample.in_blink) return end_shut_eyes();
  if (!shut_) {
    shut_.emplace();
    shut_->onset = sample.frame->captured_at;
    shut_->first_sequence = sample.frame->sequence;
  }
  shut_->offset = sample.frame->captured_at;
  shut_->last_sequence = sample.frame->sequence;
}

void LiveRows::end_shut_eyes() {
  const auto shut = std::exchange(shut_, std::nullopt);
  if (shut && is_blink_of_face(*shut)) add_blink(*shut);
}

void LiveRows::add_blink(const BlinkEvent& blink) {
  auto row = blink_row_of(blink, camera_, eye_);
  if (has_course_) row.confidence = events_.blink_confidence(blink);
  row.id = numbers_->next(EventKind::blink);
  recorder_->add(std::move(row));
  blinks_.push_back(blink);
}

void LiveRows::add_gaze(CaptureTime at, const Eigen::Vector2d& point_in_screen_mm) {
  if (has_course_) events_.add_gaze(at, point_in_screen_mm);
}

void LiveRows::time_restarted() {
  end_shut_eyes();
  has_course_ = false;
}

Result<std::vector<EventRow>> LiveRows::finish() {
  end_shut_eyes();
  if (!has_course_) return std::vector<EventRow>{};
  auto found = events_.find(blinks_);
  if (!found) return found.error();
  auto& events = found->rows;
  std::erase_if(events, [](const EventRow& row) { return row.kind == EventKind::blink; });  // told already
  for (EventRow& row : events) row.id = numbers_->next(row.kind);
  return std::move(events);
}

}  // namespace yarbus
