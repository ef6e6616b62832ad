#include <algorithm>
#include <utility>

#include "calibration/procedure/calibration_procedure.h"
#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

/// A report from further ahead of the frames is of another clock.
constexpr double farthest_ahead_s = 5.0;

Error not_now(const std::string& message, const std::string& remedy = "") {
  return {ErrorCode::invalid_option, message, "calibration", remedy};
}

}  // namespace

Result<void> CalibrationProcedure::start(const ProcedureRequest& request) {
  if (phase_ != ProcedurePhase::idle && phase_ != ProcedurePhase::done && phase_ != ProcedurePhase::aborted) {
    return not_now("a calibration is under way", "abort it first");
  }
  if (auto valid = request.validate(); !valid) return valid;
  *this = CalibrationProcedure(options_);
  request_ = request;
  plan_ = plan_targets(request, options_);
  points_.resize(plan_.points.size());
  queue_ = plan_.calibration_order;
  if (plan_.head_pass) queue_.push_back(*plan_.head_pass);
  phase_ = ProcedurePhase::gate;
  return {};
}

Result<void> CalibrationProcedure::target_shown(int target, CaptureTime shown_at) {
  if (!is_showing() || is_paused_ || !showing_point_ || target != target_) {
    return not_now("target " + std::to_string(target) + " is not the one to show");
  }
  if (step_ != TargetStep::requested)
    return not_now("target " + std::to_string(target) + " is shown already");
  if (seconds_of(shown_at - now()) > farthest_ahead_s) {
    return not_now("the time at which the target was shown lies after the frames' times",
                   "report it in the capture clock");
  }
  resolve(FindingKind::display_lost);
  start_recording(std::max(shown_at, requested_at_));
  return {};
}

bool CalibrationProcedure::can_go_on() const {
  if (phase_ != ProcedurePhase::review) return false;
  if (has_fit_ && samples_of(true).empty()) return true;  // not validated, then
  const bool has_fault = std::any_of(findings_.begin(), findings_.end(), [](const Finding& finding) {
    const bool is_excusable =
        finding.kind == FindingKind::slippage || finding.kind == FindingKind::gaze_elsewhere;
    return finding.is_blocking && !finding.is_resolved && !is_excusable;
  });
  return !has_fault && !samples_of(has_fit_).empty();
}

Result<void> CalibrationProcedure::accept() {
  if (is_paused_) return not_now("the calibration is paused", "resume first");
  if (phase_ == ProcedurePhase::gate) {
    if (!gate_.is_open()) return not_now("no eye is ready", gate_.to_text());
    begin_next();
    return {};
  }
  if (phase_ == ProcedurePhase::review) {
    if (has_fit_ && samples_of(true).empty()) {
      say("calibrated, but not validated: nothing was seen at the validation's points");
      phase_ = ProcedurePhase::done;
      return {};
    }
    if (!can_go_on())
      return not_now("what was found cannot be passed over", "show the points again, or abort");
    request_work(has_fit_ ? SamplesReady::For::score : SamplesReady::For::fit);
    return {};
  }
  if (!is_showing() || !showing_point_ || step_ == TargetStep::requested)
    return not_now("no target is shown");
  if (motion_) return not_now("the moving target goes on by itself");
  if (shows_head_pass()) {
    finish_point(head_pass_.has_samples() ? std::nullopt : std::optional(PointReason::skipped));
    return {};
  }
  if (recorder_.has_enough_samples()) {
    finish_point(std::nullopt);
  } else {
    if (!accepted_at_) accepted_at_ = now();
  }
  return {};
}

Result<void> CalibrationProcedure::pause() {
  if (is_paused_) return not_now("the calibration is paused already");
  if (phase_ != ProcedurePhase::gate && !is_showing()) return not_now("there is nothing to pause");
  cancel_showing();
  is_paused_ = true;
  return {};
}

Result<void> CalibrationProcedure::resume() {
  if (!is_paused_) return not_now("the calibration is not paused");
  is_paused_ = false;
  if (is_showing()) begin_next();
  return {};
}

Result<void> CalibrationProcedure::abort() {
  if (phase_ == ProcedurePhase::idle || phase_ == ProcedurePhase::done || phase_ == ProcedurePhase::aborted) {
    return not_now("no calibration is under way");
  }
  cancel_showing();
  ready_.reset();
  is_paused_ = false;
  phase_ = ProcedurePhase::aborted;
  say("aborted; the calibration in force before stays so");
  return {};
}

Result<void> CalibrationProcedure::skip() {
  if (is_paused_ || !is_showing() || !showing_point_) return not_now("no target is shown");
  if (step_ == TargetStep::requested) start_recording(now());
  motion_.reset();  // a movement does not go on beyond an arc that was skipped
  finish_point(PointReason::skipped);
  return {};
}

Result<void> CalibrationProcedure::redo(int point) {
  if (point < 0 || point >= static_cast<int>(points_.size())) {
    return not_now("there is no point " + std::to_string(point + 1),
                   "points are 1 to " + std::to_string(points_.size()));
  }
  return redo_points({point});
}

Result<void> CalibrationProcedure::redo_all_poor() {
  std::vector<int> poor;
  std::vector<int> head_pass;
  if (plan_.head_pass) head_pass.push_back(*plan_.head_pass);
  for (const auto& order : {plan_.calibration_order, head_pass, plan_.validation_order}) {
    for (const int point : order) {
      const PointVerdict verdict = result_of(point).verdict;
      if (verdict == PointVerdict::missing || verdict == PointVerdict::poor) poor.push_back(point);
    }
  }
  if (poor.empty()) return not_now("no point is poor or missing");
  return redo_points(poor);
}

Result<void> CalibrationProcedure::redo_points(const std::vector<int>& points) {
  if (phase_ == ProcedurePhase::idle || phase_ == ProcedurePhase::gate || phase_ == ProcedurePhase::aborted) {
    return not_now("no point has been shown yet");
  }
  cancel_showing();
  for (const int point : points) std::erase(queue_, point);
  queue_.insert(queue_.begin(), points.begin(), points.end());
  if (std::any_of(points.begin(), points.end(), [&](int point) { return !is_validation(point); }))
    has_fit_ = false;
  // Work under way is of samples that are about to change.
  ready_.reset();
  ++ready_id_;
  if (is_paused_) return {};
  begin_next();
  return {};
}

Result<void> CalibrationProcedure::check_outcome(ProcedurePhase phase, int id) const {
  if (phase_ == phase && id == ready_id_) return {};
  return not_now("this outcome is of samples that have been replaced");
}

Result<void> CalibrationProcedure::fit_finished(int id, const StageOutcome& outcome) {
  if (auto valid = check_outcome(ProcedurePhase::fitting, id); !valid) return valid;
  if (!outcome.is_accepted) {
    Finding finding;
    finding.kind = FindingKind::fit_refused;
    finding.is_blocking = true;
    finding.text = outcome.text;
    finding.remedy = outcome.remedy;
    add_finding(std::move(finding));
    phase_ = ProcedurePhase::review;
    return {};
  }
  resolve(FindingKind::fit_refused);
  say(outcome.text);
  has_fit_ = true;
  queue_.clear();
  for (const int point : plan_.validation_order) {
    if (points_[static_cast<std::size_t>(point)].current < 0) queue_.push_back(point);
  }
  if (plan_.validation_order.empty()) {
    phase_ = ProcedurePhase::done;
  } else {
    begin_next();
  }
  return {};
}

Result<void> CalibrationProcedure::score_finished(int id, const StageOutcome& outcome) {
  if (auto valid = check_outcome(ProcedurePhase::scoring, id); !valid) return valid;
  say(outcome.text);
  if (!outcome.is_accepted && !outcome.remedy.empty()) say(outcome.remedy);
  phase_ = ProcedurePhase::done;
  return {};
}

/// The present target is not shown any more; what was seen of it does not count, and its turn comes again.
void CalibrationProcedure::cancel_showing() {
  if (showing_point_) queue_.insert(queue_.begin(), *showing_point_);
  showing_point_.reset();
  motion_.reset();
  accepted_at_.reset();
}

}  // namespace yarbus
