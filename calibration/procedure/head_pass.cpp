#include "calibration/procedure/head_pass.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr double least_turn_deg = 5.0;  ///< from one side to the other
constexpr double low_percentile = 0.05;

/// Between the percentiles; of nothing 0.
double extent(std::vector<double>& values) {
  if (values.empty()) return 0.0;
  std::sort(values.begin(), values.end());
  const auto last = static_cast<double>(values.size() - 1);
  const auto at = [&](double share) { return values[static_cast<std::size_t>(std::lround(share * last))]; };
  return at(1.0 - low_percentile) - at(low_percentile);
}

}  // namespace

void HeadPassRecorder::begin(const Showing& showing) {
  showing_ = showing;
  kept_.clear();
  kept_.reserve(max_frames);
  stride_ = 1;
  lost_frames_ = {};
  frames_ = usable_frames_ = closed_frames_ = invalid_frames_ = 0;
  sees_face_ = false;
}

void HeadPassRecorder::push(const ProcedureFrame& frame) {
  FrameSample seen = frame_sample(frame, options_.min_confidence);
  // Without the head's pose a frame says nothing here.
  const bool is_usable = seen.is_usable && frame.rays.face && is_valid(*frame.rays.face);
  sees_face_ = is_usable;
  if (frame.at() < showing_.records_from) return;
  if (!is_usable) seen.sample.rays = {frame.at(), {}, nullptr};
  seen.sample.target = showing_.target;
  seen.sample.target_in_screen_mm = showing_.position_in_screen_mm;
  for (std::size_t eye = 0; eye < 2; ++eye) lost_frames_[eye] += is_usable && !seen.is_lost[eye] ? 0 : 1;
  usable_frames_ += is_usable ? 1 : 0;
  closed_frames_ += !is_usable && seen.is_closed ? 1 : 0;
  invalid_frames_ += seen.is_invalid ? 1 : 0;
  if (frames_++ % stride_ != 0) return;
  if (kept_.size() == max_frames) {
    for (std::size_t i = 1; i < max_frames / 2; ++i) kept_[i] = std::move(kept_[2 * i]);
    kept_.resize(max_frames / 2);
    stride_ *= 2;
  }
  kept_.push_back({std::move(seen.sample), is_usable});
}

double HeadPassRecorder::time_left_s(CaptureTime now) const {
  const double passed_s = std::max(0.0, seconds_of(now - showing_.records_from));
  return std::max(0.0, options_.head_pass_s - passed_s);
}

PointAttempt HeadPassRecorder::finish(CaptureTime now) const {
  PointAttempt attempt;
  PointResult& result = attempt.result;
  result.point = showing_.point;
  result.target = showing_.target;
  result.position_in_screen_mm = showing_.position_in_screen_mm;
  result.is_head_pass = true;
  result.shown_at = showing_.shown_at;
  result.ended_at = now;
  std::vector<const CalibrationSample*> usable;
  for (const Frame& frame : kept_) {
    attempt.raw.push_back(frame.sample);
    if (frame.is_usable) usable.push_back(&frame.sample);
  }
  const std::size_t chosen = std::min(usable.size(), most_samples);
  for (std::size_t i = 0; i < chosen; ++i)
    attempt.samples.push_back(*usable[(2 * i + 1) * usable.size() / (2 * chosen)]);
  for (std::size_t eye = 0; eye < 2; ++eye) {
    EyePointResult& of_eye = result.eyes[eye];
    for (const CalibrationSample& sample : attempt.samples) of_eye.samples += sample.rays.eyes[eye] ? 1 : 0;
    if (frames_ > 0) of_eye.data_loss = static_cast<double>(lost_frames_[eye]) / frames_;
    result.data_loss = std::min(result.data_loss, of_eye.data_loss);
  }
  result.samples = static_cast<int>(chosen);
  result.head_turn = head_turn();
  judge(result);
  return attempt;
}

std::optional<HeadTurn> HeadPassRecorder::head_turn() const {
  std::vector<double> yaws_deg;
  std::vector<double> pitches_deg;
  for (const Frame& frame : kept_) {
    if (!frame.is_usable) continue;
    // The direction from the face into the head: an upright head that faces the camera has the camera's own.
    const Eigen::Vector3d into_head = frame.sample.rays.face->head.cam_from_head.rotation.col(2);
    yaws_deg.push_back(degrees_of(std::atan2(into_head.x(), into_head.z())));
    pitches_deg.push_back(degrees_of(std::atan2(into_head.y(), std::hypot(into_head.x(), into_head.z()))));
  }
  if (yaws_deg.empty()) return std::nullopt;
  return HeadTurn{extent(yaws_deg), extent(pitches_deg)};
}

void HeadPassRecorder::judge(PointResult& result) const {
  result.is_used = result.samples > 0;
  if (usable_frames_ == 0) {
    result.verdict = PointVerdict::missing;
    result.reason = frames_ == 0                     ? PointReason::no_frames
                    : 2 * invalid_frames_ >= frames_ ? PointReason::invalid_numbers
                    : 2 * closed_frames_ >= frames_  ? PointReason::eye_closed
                                                     : PointReason::face_lost;
    return;
  }
  const double loss = 1.0 - static_cast<double>(usable_frames_) / frames_;
  const bool has_turned = result.head_turn && result.head_turn->yaw_deg >= least_turn_deg &&
                          result.head_turn->pitch_deg >= least_turn_deg;
  result.reason = loss > options_.max_data_loss           ? PointReason::face_lost
                  : usable_frames_ < options_.min_samples ? PointReason::few_samples
                  : !has_turned                           ? PointReason::head_unmoved
                                                          : PointReason::none;
  result.verdict = result.reason == PointReason::none ? PointVerdict::good : PointVerdict::poor;
}

std::optional<Finding> find_head_pass_fault(const PointResult& pass) {
  if (pass.verdict == PointVerdict::good || pass.verdict == PointVerdict::waiting) return std::nullopt;
  Finding finding;
  finding.kind = FindingKind::head_pass;
  finding.text = "head movement: " + std::string(to_text(pass.reason));
  finding.remedy = remedy_for(pass.reason);
  if (pass.reason == PointReason::skipped) {
    finding.remedy = "show it again if the head will move later: gaze is less sure then without it";
  } else if (pass.reason == PointReason::few_samples) {
    finding.remedy = "look at the point and move the head for the whole time, then show it again";
  } else if (pass.reason == PointReason::head_unmoved && pass.head_turn) {
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(),
                  "head movement: the head turned by only %.0f° from left to right and %.0f° up and down",
                  pass.head_turn->yaw_deg, pass.head_turn->pitch_deg);
    finding.text = text.data();
  }
  return finding;
}

}  // namespace yarbus
