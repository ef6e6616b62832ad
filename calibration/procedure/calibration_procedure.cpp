#include "calibration/procedure/calibration_procedure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "calibration/procedure/expected_turn.h"
#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

constexpr double eye_share_s = 1.0;      ///< of the average of frames that show an eye
constexpr double least_eye_share = 0.2;  ///< of them: somebody is there

}  // namespace

CalibrationProcedure::CalibrationProcedure(const ProcedureOptions& options)
    : options_(options), gate_(options), recorder_(options), head_pass_(options) {
  YARBUS_CHECK(options.validate().has_value());
}

void CalibrationProcedure::push(const ProcedureFrame& frame) {
  if (last_ && frame.at() <= *last_) return;
  const bool is_first = !last_;
  const double step_s = last_ ? seconds_of(frame.at() - *last_) : 0.0;
  last_ = frame.at();
  if (is_first) {
    eye_seen_at_ = frame.at();
    requested_at_ = frame.at();
  }
  for (std::size_t eye = 0; eye < 2; ++eye)
    is_tracked_[eye] = is_tracked_[eye] || frame.status[eye].is_tracked;
  gate_.push(frame);
  if (is_paused_) return;
  if (phase_ == ProcedurePhase::gate) push_gate(frame, step_s);
  if (is_showing()) push_target(frame);
}

void CalibrationProcedure::push_gate(const ProcedureFrame& frame, double step_s) {
  bool is_seen = false;
  for (const EyeSide side : eye_sides) {
    const auto& ray = frame.rays.eye(side);
    const EyeStatus& status = frame.status[index_of(side)];
    is_seen |=
        (ray && is_valid(*ray)) || (status.is_tracked && !status.is_missed() && status.confidence > 0.0);
  }
  // Lashes of a shut eye are taken for a pupil now and then.
  eye_seen_share_ += (1.0 - std::exp(-step_s / eye_share_s)) * ((is_seen ? 1.0 : 0.0) - eye_seen_share_);
  if (eye_seen_share_ >= least_eye_share) {
    eye_seen_at_ = frame.at();
    resolve(FindingKind::no_eye);
  } else if (seconds_of(frame.at() - eye_seen_at_) >= options_.no_eye_s &&
             !has_finding(FindingKind::no_eye)) {
    Finding finding;
    finding.kind = FindingKind::no_eye;
    finding.is_blocking = true;
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "no eye has been seen for %.0f s", options_.no_eye_s);
    finding.text = text.data();
    finding.remedy = "point the camera at the eye and light it; the calibration starts when the eye is ready";
    add_finding(std::move(finding));
  }
  if (gate_.held_s() > 0.0 && gate_.held_s() >= options_.gate_hold_s) begin_next();
}

void CalibrationProcedure::begin_next() {
  showing_point_.reset();
  if (queue_.empty()) {
    review();
    return;
  }
  const int point = queue_.front();
  queue_.erase(queue_.begin());
  phase_ = is_validation(point) ? ProcedurePhase::validation : ProcedurePhase::calibration;
  const auto arc = plan_.points[static_cast<std::size_t>(point)].arc;
  const bool goes_on = arc && motion_ && *arc > 0 && !attempts_.empty() &&
                       attempts_.back().result.point == point - 1 && attempts_.back().motion;
  if (goes_on) {
    continue_motion(point);
  } else {
    request_target(point);
  }
}

void CalibrationProcedure::request_target(int point) {
  showing_point_ = point;
  target_ = next_target_++;
  step_ = TargetStep::requested;
  requested_at_ = now();
  motion_.reset();
  accepted_at_.reset();
}

/// The next arc of a movement that does not stop.
void CalibrationProcedure::continue_motion(int point) {
  showing_point_ = point;
  target_ = next_target_++;
  step_ = TargetStep::sampling;
  accepted_at_.reset();
  Showing showing;
  showing.point = point;
  showing.target = target_;
  showing.position_in_screen_mm = plan_.points[static_cast<std::size_t>(point)].position_in_screen_mm;
  showing.shown_at = showing.records_from = now();
  showing.path = plan_.path;
  showing.motion = motion_;
  recorder_.begin(showing);
}

void CalibrationProcedure::start_recording(CaptureTime shown_at) {
  const auto& planned = plan_.points[static_cast<std::size_t>(*showing_point_)];
  Showing showing;
  showing.point = *showing_point_;
  showing.target = target_;
  showing.position_in_screen_mm = planned.position_in_screen_mm;
  showing.is_validation = planned.is_validation;
  showing.shown_at = shown_at;
  showing.records_from =
      shown_at + time_from_seconds(planned.is_head_pass ? options_.head_pass_lead_s : options_.settle_s);
  step_ = TargetStep::settling;
  if (planned.is_head_pass) {
    head_pass_.begin(showing);
    return;
  }
  if (planned.arc) {
    motion_ = PursuitMotion{showing.records_from, *planned.arc * plan_.path->arc_s()};
    showing.path = plan_.path;
    showing.motion = motion_;
  } else {
    showing.turns = expected_turns(planned.position_in_screen_mm);
  }
  recorder_.begin(showing);
}

std::array<std::optional<ExpectedTurn>, 2> CalibrationProcedure::expected_turns(
    const Eigen::Vector2d& to_mm) const {
  std::array<std::optional<ExpectedTurn>, 2> turns;
  if (followed_attempt_ < 0) return turns;
  const PointResult& from = attempts_[static_cast<std::size_t>(followed_attempt_)].result;
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (!from.eyes[eye].has_data()) continue;
    turns[eye] = ExpectedTurn{from.eyes[eye].mean_axis_in_cam,
                              expected_turn_rad(request_.screen, from.position_in_screen_mm, to_mm)};
  }
  return turns;
}

void CalibrationProcedure::push_target(const ProcedureFrame& frame) {
  if (!showing_point_) return;
  if (step_ == TargetStep::requested) {
    if (seconds_of(frame.at() - requested_at_) < options_.display_timeout_s) return;
    cancel_showing();
    is_paused_ = true;
    Finding finding;
    finding.kind = FindingKind::display_lost;
    finding.is_blocking = true;
    finding.text = "the screen does not show the target";
    finding.remedy = "connect the screen or bring the calibration window to the front, then resume";
    add_finding(std::move(finding));
    return;
  }
  shows_head_pass() ? head_pass_.push(frame) : recorder_.push(frame);
  if (frame.at() < showing().records_from) return;
  step_ = TargetStep::sampling;
  if (shows_head_pass()) {
    if (head_pass_.time_left_s(frame.at()) <= 0.0) finish_point(std::nullopt);
    return;
  }
  if (motion_) {
    const double end_s =
        (*plan_.points[static_cast<std::size_t>(*showing_point_)].arc + 1) * plan_.path->arc_s();
    if (motion_->path_s(frame.at()) >= end_s) finish_point(std::nullopt);
    return;
  }
  if (options_.advance_by_key && !accepted_at_) return;
  const bool is_ready = accepted_at_ ? recorder_.has_enough_samples() : recorder_.is_complete();
  const CaptureTime waits_since = options_.advance_by_key ? *accepted_at_ : showing().shown_at;
  const bool is_late = seconds_of(frame.at() - waits_since) >= options_.point_timeout_s;
  if (is_ready || is_late) finish_point(std::nullopt);
}

void CalibrationProcedure::finish_point(std::optional<PointReason> forced) {
  const bool is_head_pass = shows_head_pass();
  PointAttempt attempt = is_head_pass ? head_pass_.finish(now()) : recorder_.finish(now());
  if (!is_head_pass) {
    counts_.frames += recorder_.frames();
    counts_.usable += recorder_.usable_frames();
    counts_.invalid += recorder_.invalid_frames();
  }
  PointResult& result = attempt.result;
  if (forced) {
    result.verdict = PointVerdict::missing;
    result.reason = *forced;
    result.is_used = false;
  } else if (!is_head_pass) {
    shown_s_ += seconds_of(now() - requested_at_);
    ++shown_count_;
  }
  // A validation shows what the gaze does, also where the eye was slow to follow.
  if (result.is_validation && !forced) result.is_used = result.samples > 0;
  keep_attempt(std::move(attempt));
  // Half of the points without one usable frame: the rest would change nothing.
  const bool is_hopeless =
      counts_.usable == 0 && 2 * shown_count_ >= static_cast<int>(plan_.calibration_order.size());
  if (is_hopeless && phase_ == ProcedurePhase::calibration) {
    queue_.clear();
    say("no usable frame at " + std::to_string(shown_count_) + " points: the rest was not shown");
  }
  begin_next();
}

void CalibrationProcedure::keep_attempt(PointAttempt attempt) {
  Point& point = points_[static_cast<std::size_t>(attempt.result.point)];
  const PointResult before = result_of(attempt.result.point);
  ++point.attempts;
  point.is_skipped = attempt.result.reason == PointReason::skipped;
  const int index = static_cast<int>(attempts_.size());
  const PointResult& after = attempt.result;
  const std::string name = name_of(after.point);
  if (point.current < 0 || after.verdict >= before.verdict) {
    point.current = index;
    point.flag = PointReason::none;
    point.off_deg.reset();
    if (after.verdict != PointVerdict::good) {
      say(name + " " + std::string(to_string(after.verdict)) + ": " + std::string(to_text(after.reason)));
    }
  } else {
    say(name + " keeps its earlier result; this time: " + std::string(to_text(after.reason)));
  }
  if (after.verdict == PointVerdict::good && !after.is_head_pass) followed_attempt_ = index;
  attempts_.push_back(std::move(attempt));
}

std::optional<SamplesReady> CalibrationProcedure::take_ready() { return std::exchange(ready_, std::nullopt); }

}  // namespace yarbus
