#include <algorithm>
#include <utility>

#include "calibration/procedure/calibration_procedure.h"
#include "calibration/procedure/pursuit_lag.h"
#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr std::size_t most_messages = 20;
/// From request to the window's report, and from one point's end to the next's request.
constexpr double display_delay_s = 0.1;

}  // namespace

/// All points that were asked for have been shown: what next?
void CalibrationProcedure::review() {
  const bool of_validation = has_fit_;
  if (!of_validation && plan_.path) apply_pursuit_lag_to_attempts();
  for (auto& point : points_) {
    point.flag = PointReason::none;
    point.off_deg.reset();
  }
  std::vector<PointResult> shown;
  for (int i = 0; i < static_cast<int>(points_.size()); ++i) {
    if ((of_validation || !is_validation(i)) && i != plan_.head_pass) shown.push_back(result_of(i));
  }
  FaultReport report = find_faults(shown, counts_, is_tracked_, request_.screen, options_, of_validation);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    points_[static_cast<std::size_t>(shown[i].point)].off_deg =
        i < report.consistency.off_deg.size() ? report.consistency.off_deg[i] : std::nullopt;
  }
  for (const int point : report.looked_elsewhere) {
    points_[static_cast<std::size_t>(point)].flag = PointReason::looked_elsewhere;
  }
  if (!of_validation) {
    for (const int point : report.before_slip)
      points_[static_cast<std::size_t>(point)].flag = PointReason::eye_moved;
  }
  if (!of_validation && plan_.head_pass) {
    if (auto fault = find_head_pass_fault(result_of(*plan_.head_pass)))
      report.findings.push_back(std::move(*fault));
  }
  const bool goes_on = queue_automatic_redos(report, of_validation);
  const bool is_blocked = report.is_blocked();
  keep_findings(std::move(report.findings), of_validation);
  if (goes_on) {
    begin_next();
  } else if (is_blocked || samples_of(of_validation).empty()) {
    phase_ = ProcedurePhase::review;
  } else {
    request_work(of_validation ? SamplesReady::For::score : SamplesReady::For::fit);
  }
}

/// Points that are not good get another chance, unless there are so many that something else is wrong.
bool CalibrationProcedure::queue_automatic_redos(const FaultReport& report, bool of_validation) {
  for (const auto& finding : report.findings) {
    const bool is_hopeless = finding.kind == FindingKind::no_eye || finding.kind == FindingKind::no_frames ||
                             finding.kind == FindingKind::gaze_at_one_place ||
                             finding.kind == FindingKind::gaze_elsewhere;
    if (is_hopeless) return false;
  }
  const auto& order = of_validation ? plan_.validation_order : plan_.calibration_order;
  std::vector<int> again;
  std::size_t failed = 0;
  for (const int index : order) {
    const Point& point = points_[static_cast<std::size_t>(index)];
    const PointResult result = result_of(index);
    if (result.verdict == PointVerdict::good) continue;
    failed += result.reason == PointReason::eye_moved ? 0 : 1;
    if (point.is_skipped || point.automatic_redos >= options_.automatic_redos) continue;
    again.push_back(index);
  }
  if (again.empty() || 2 * failed >= std::max<std::size_t>(order.size(), 2)) return false;
  for (const int index : again) ++points_[static_cast<std::size_t>(index)].automatic_redos;
  queue_ = std::move(again);
  return true;
}

void CalibrationProcedure::apply_pursuit_lag_to_attempts() {
  pursuit_lag_s_ = find_pursuit_lag(attempts_, *plan_.path);
  if (!pursuit_lag_s_) return;
  for (auto& attempt : attempts_) apply_pursuit_lag(attempt, *plan_.path, *pursuit_lag_s_);
}

void CalibrationProcedure::request_work(SamplesReady::For wanted) {
  SamplesReady ready;
  ready.wanted = wanted;
  ready.id = ++ready_id_;
  ready.calibration = samples_of(false);
  if (wanted == SamplesReady::For::score) ready.validation = samples_of(true);
  ready_ = std::move(ready);
  phase_ = wanted == SamplesReady::For::fit ? ProcedurePhase::fitting : ProcedurePhase::scoring;
}

std::vector<CalibrationSample> CalibrationProcedure::samples_of(bool of_validation) const {
  std::vector<CalibrationSample> samples;
  for (int i = 0; i < static_cast<int>(points_.size()); ++i) {
    if (is_validation(i) != of_validation || !result_of(i).is_used) continue;
    const auto& attempt = attempts_[static_cast<std::size_t>(points_[static_cast<std::size_t>(i)].current)];
    if (of_validation) {
      const auto frames = attempt.fixation();
      samples.insert(samples.end(), frames.begin(), frames.end());
    } else {
      samples.insert(samples.end(), attempt.samples.begin(), attempt.samples.end());
    }
  }
  return samples;
}

PointResult CalibrationProcedure::result_of(int index) const {
  const Point& point = points_[static_cast<std::size_t>(index)];
  const PlannedPoint& planned = plan_.points[static_cast<std::size_t>(index)];
  PointResult result;
  if (point.current >= 0) {
    result = attempts_[static_cast<std::size_t>(point.current)].result;
  } else {
    result.point = index;
    result.position_in_screen_mm = planned.position_in_screen_mm;
    result.is_validation = planned.is_validation;
    result.is_head_pass = planned.is_head_pass;
  }
  result.attempts = point.attempts;
  result.off_deg = point.off_deg;
  if (point.flag != PointReason::none && result.verdict >= PointVerdict::poor) {
    result.verdict = PointVerdict::poor;
    result.reason = point.flag;
    // A slip can be passed over by a person; a place that was not looked at is no sample of it.
    if (!planned.is_validation && point.flag == PointReason::looked_elsewhere) result.is_used = false;
  }
  return result;
}

std::vector<PointResult> CalibrationProcedure::points() const {
  std::vector<PointResult> results;
  for (int i = 0; i < static_cast<int>(points_.size()); ++i) results.push_back(result_of(i));
  return results;
}

/// Takes a review's findings. Earlier ones of the same stage that are not among them have been mended.
void CalibrationProcedure::keep_findings(std::vector<Finding> findings, bool of_validation) {
  const std::size_t found = findings.size();
  for (auto& earlier : findings_) {
    const bool is_same_stage = earlier.is_of_validation == of_validation;
    const bool names_own_points = earlier.kind == FindingKind::half_missing ||
                                  earlier.kind == FindingKind::points_missing ||
                                  earlier.kind == FindingKind::points_poor;
    const bool is_found_again =
        (is_same_stage || !names_own_points) &&
        std::any_of(findings.begin(), findings.begin() + static_cast<std::ptrdiff_t>(found),
                    [&](const Finding& finding) { return finding.kind == earlier.kind; });
    if (is_found_again) continue;
    earlier.is_resolved = earlier.is_resolved || is_same_stage;
    findings.push_back(std::move(earlier));
  }
  findings_ = std::move(findings);
}

void CalibrationProcedure::add_finding(Finding finding) {
  std::erase_if(findings_, [&](const Finding& earlier) { return earlier.kind == finding.kind; });
  findings_.push_back(std::move(finding));
}

void CalibrationProcedure::resolve(FindingKind kind) {
  for (auto& finding : findings_) {
    if (finding.kind == kind) finding.is_resolved = true;
  }
}

bool CalibrationProcedure::has_finding(FindingKind kind) const {
  return std::any_of(findings_.begin(), findings_.end(),
                     [&](const Finding& finding) { return finding.kind == kind && !finding.is_resolved; });
}

void CalibrationProcedure::say(std::string message) {
  if (message.empty()) return;
  if (messages_.size() == most_messages) messages_.erase(messages_.begin());
  messages_.push_back(std::move(message));
}

int CalibrationProcedure::points_left() const {
  if (phase_ == ProcedurePhase::idle || phase_ == ProcedurePhase::done) return 0;
  int left = static_cast<int>(queue_.size()) + (showing_point_ ? 1 : 0);
  for (const int point : plan_.validation_order) {
    const bool is_queued =
        std::find(queue_.begin(), queue_.end(), point) != queue_.end() || showing_point_ == point;
    left += points_[static_cast<std::size_t>(point)].current < 0 && !is_queued ? 1 : 0;
  }
  return left;
}

double CalibrationProcedure::time_left_s() const {
  if (phase_ == ProcedurePhase::aborted) return 0.0;
  const double planned_s =
      options_.settle_s + options_.sampling_s + options_.fixation_window_s + display_delay_s;
  const double mean_s = shown_count_ > 0 ? shown_s_ / shown_count_ : planned_s;
  const double head_pass_s = head_pass_left_s();
  int standing = points_left() - (head_pass_s > 0.0 ? 1 : 0);
  if (plan_.path) {
    const auto is_arc = [&](int point) {
      return plan_.points[static_cast<std::size_t>(point)].arc.has_value();
    };
    const int arcs = static_cast<int>(std::count_if(queue_.begin(), queue_.end(), is_arc)) +
                     (showing_point_ && is_arc(*showing_point_) ? 1 : 0);
    standing -= arcs;
    return arcs * plan_.path->arc_s() + standing * planned_s + head_pass_s;
  }
  double left_s = standing * mean_s + head_pass_s;
  if (showing_point_ && step_ != TargetStep::requested && !shows_head_pass()) {
    left_s -= std::min(mean_s, std::max(0.0, seconds_of(now() - recorder_.showing().shown_at)));
  }
  return left_s;
}

double CalibrationProcedure::head_pass_left_s() const {
  const bool is_queued =
      plan_.head_pass && std::find(queue_.begin(), queue_.end(), *plan_.head_pass) != queue_.end();
  if (!is_queued && !shows_head_pass()) return 0.0;
  const double whole_s = display_delay_s + options_.head_pass_lead_s + options_.head_pass_s;
  if (is_queued || step_ == TargetStep::requested) return whole_s;
  return std::max(display_delay_s, whole_s - seconds_of(now() - showing().shown_at));
}

std::string CalibrationProcedure::name_of(int point) const {
  return point == plan_.head_pass ? "head movement" : "point " + std::to_string(point + 1);
}

ProcedureSnapshot CalibrationProcedure::snapshot() const {
  ProcedureSnapshot view;
  view.phase = phase_;
  view.is_paused = is_paused_;
  for (const EyeSide side : eye_sides) view.gate[index_of(side)] = gate_.eye(side);
  view.gate_text = gate_.to_text();
  view.gate_progress = options_.gate_hold_s > 0.0 ? std::min(1.0, gate_.held_s() / options_.gate_hold_s)
                                                  : (gate_.held_s() > 0.0 ? 1.0 : 0.0);
  view.can_go_on = can_go_on();
  view.points = points();
  view.findings = findings_;
  view.messages = messages_;
  view.time_left_s = time_left_s();
  const auto total = static_cast<double>(std::max<std::size_t>(1, points_.size()));
  view.progress = phase_ == ProcedurePhase::idle ? 0.0 : std::clamp(1.0 - points_left() / total, 0.0, 1.0);
  view.target = target_view();
  return view;
}

std::optional<TargetView> CalibrationProcedure::target_view() const {
  if (!is_showing() || is_paused_ || !showing_point_) return std::nullopt;
  TargetView target;
  target.target = target_;
  target.point = *showing_point_;
  target.step = step_;
  target.position_in_screen_mm =
      plan_.points[static_cast<std::size_t>(*showing_point_)].position_in_screen_mm;
  if (shows_head_pass()) {
    target.is_head_pass = true;
    target.time_left_s = options_.head_pass_s;
    if (step_ == TargetStep::requested) return target;
    const double shown_s = seconds_of(now() - showing().shown_at);
    target.shrink = std::clamp(shown_s / options_.head_pass_lead_s, 0.0, 1.0);
    target.is_gaze_still = head_pass_.sees_face();
    target.time_left_s = head_pass_.time_left_s(now());
    target.progress = 1.0 - target.time_left_s / options_.head_pass_s;
    return target;
  }
  target.waits_for_key = options_.advance_by_key && !motion_ && !accepted_at_;
  if (step_ != TargetStep::requested) {
    if (motion_) target.position_in_screen_mm = plan_.path->at(motion_->path_s(now()));
    target.shrink = std::clamp(seconds_of(now() - showing().shown_at) / options_.settle_s, 0.0, 1.0);
    target.is_gaze_still = recorder_.is_still();
    target.progress = recorder_.progress();
  }
  return target;
}

}  // namespace yarbus
