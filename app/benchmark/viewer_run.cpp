#include "app/benchmark/viewer_run.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "eyemodel/types/check.h"

namespace yarbus::benchmark {
namespace {

/// Frames between the procedure's request and the target on the screen.
constexpr std::uint64_t display_frames = 2;

CaptureTime time_at(double s) { return std::chrono::round<CaptureTime>(std::chrono::duration<double>(s)); }

}  // namespace

ViewerRun::ViewerRun(SimulatedViewer viewer, Eyes eyes, const ScreenGeometry& screen,
                     const ProcedureOptions& options)
    : viewer_(std::move(viewer)),
      eyes_(std::move(eyes)),
      screen_(screen),
      procedure_(options),
      rate_hz_(eyes_[0]->rate_hz()) {
  YARBUS_CHECK_OP(eyes_[1]->rate_hz(), ==, rate_hz_);
}

double ViewerRun::now_s() const { return static_cast<double>(index_) / rate_hz_; }

const ViewerFrame& ViewerRun::step(const std::optional<VisibleTarget>& visible) {
  const std::uint64_t index = index_++;
  const CaptureTime at = time_at(static_cast<double>(index) / rate_hz_);
  const ViewerLook look = viewer_.look(at, visible);
  frame_ = {};
  frame_.seen.rays.captured_at = at;
  Eigen::Vector2d sum_mm = Eigen::Vector2d::Zero();
  int meeting = 0;
  for (const EyeSide side : eye_sides) {
    const std::size_t eye = index_of(side);
    const ViewerEyeFrame seen = eyes_[eye]->see(index, look.eyes[eye]);
    frame_.seen.rays.eyes[eye] = seen.ray;
    frame_.seen.status[eye] = seen.status;
    frame_.axis_error_deg[eye] = seen.axis_error_deg;
    frame_.is_saccade |= seen.is_saccade;
    if (std::isfinite(seen.axis_error_deg)) axis_errors_deg_.push_back(seen.axis_error_deg);
    if (const auto gaze_mm = viewer_.gaze_in_screen_mm(side, seen.visual_axis_in_head)) {
      sum_mm += *gaze_mm;
      ++meeting;
    }
  }
  if (meeting == 2) {
    frame_.true_gaze_in_screen_mm = 0.5 * sum_mm;
    truth_.emplace_back(at, 0.5 * sum_mm);
  }
  procedure_.push(frame_.seen);
  if (on_frame) on_frame(frame_);
  return frame_;
}

std::optional<Eigen::Vector2d> ViewerRun::true_gaze_at(CaptureTime at) const {
  const auto found = std::lower_bound(truth_.begin(), truth_.end(), at,
                                      [](const auto& entry, CaptureTime time) { return entry.first < time; });
  if (found == truth_.end() || found->first != at) return std::nullopt;
  return found->second;
}

void ViewerRun::keep(WatchedGaze& watched, int target, const std::optional<Eigen::Vector2d>& shown_mm) const {
  if (!frame_.true_gaze_in_screen_mm) return;
  CalibrationSample sample;
  sample.rays = frame_.seen.rays;
  sample.target = target;
  sample.target_in_screen_mm = shown_mm.value_or(*frame_.true_gaze_in_screen_mm);
  watched.samples.push_back(sample);
  watched.truth.push_back(*frame_.true_gaze_in_screen_mm);
}

WatchedGaze ViewerRun::look_around(double length_s, const std::stop_token& stop) {
  WatchedGaze watched;
  const int target = next_place_++;
  const double end_s = now_s() + length_s;
  while (now_s() < end_s && !stop.stop_requested()) {
    if (!step(std::nullopt).is_saccade) keep(watched, target, std::nullopt);
  }
  return watched;
}

WatchedGaze ViewerRun::show(const std::vector<Eigen::Vector2d>& places_in_screen_mm, double each_s,
                            double settle_s, const std::stop_token& stop) {
  WatchedGaze watched;
  for (const Eigen::Vector2d& place_mm : places_in_screen_mm) {
    const int target = next_place_++;
    const double shown_s = now_s();
    while (now_s() < shown_s + each_s && !stop.stop_requested()) {
      const bool is_settled = now_s() >= shown_s + settle_s;
      step(VisibleTarget{target, place_mm});
      if (is_settled) keep(watched, target, place_mm);
    }
  }
  return watched;
}

/// What the window does: it shows what was asked for, and says so.
std::optional<VisibleTarget> ViewerRun::show_target() {
  const auto view = procedure_.snapshot().target;
  if (!view) return std::nullopt;
  if (view->step == TargetStep::requested) {
    if (asked_target_ != view->target) {
      asked_target_ = view->target;
      asked_index_ = index_;
    }
    if (index_ - asked_index_ < display_frames) return std::nullopt;
    (void)procedure_.target_shown(view->target, time_at(now_s()));
  }
  return VisibleTarget{view->target, view->position_in_screen_mm};
}

void ViewerRun::carry_out_work(CalibrationOutcome& outcome) {
  auto ready = procedure_.take_ready();
  if (!ready) return;
  CalibrationWork work;
  work.ready = std::move(*ready);
  work.screen = screen_;
  work.choice = outcome.choice;
  const auto start = std::chrono::steady_clock::now();
  CalibrationWorkDone done = carry_out(std::move(work));
  if (done.wanted == SamplesReady::For::fit) {
    outcome.fit_time = std::chrono::steady_clock::now() - start;
    outcome.was_refused = !done.outcome.is_accepted;
    outcome.choice = std::move(done.choice);
    outcome.calibration = std::move(done.calibration);
    (void)procedure_.fit_finished(done.id, done.outcome);
  } else {
    outcome.validation = std::move(done.validation);
    outcome.quality = std::move(done.quality);
    (void)procedure_.score_finished(done.id, done.outcome);
  }
}

CalibrationOutcome ViewerRun::calibrate(const ProcedureRequest& request, double limit_s,
                                        const std::stop_token& stop) {
  CalibrationOutcome outcome;
  const double start_s = now_s();
  const auto started = procedure_.start(request);
  YARBUS_CHECK(started.has_value());
  bool was_showing = false;
  double first_target_s = 0.0;
  while (now_s() < start_s + limit_s && !stop.stop_requested()) {
    step(show_target());
    const ProcedurePhase phase = procedure_.phase();
    if (!was_showing && phase == ProcedurePhase::calibration) {
      was_showing = true;
      first_target_s = now_s();
      outcome.gate_s = first_target_s - start_s;
    }
    const bool had_fit = outcome.choice != nullptr;
    // A check of one point is not fitted: its samples are what is wanted.
    if (request.layout == TargetLayout::one) {
      if (const auto ready = procedure_.take_ready()) {
        outcome.calibration = ready->calibration;
        (void)procedure_.fit_finished(ready->id, {true, "checked", ""});
      }
    } else {
      carry_out_work(outcome);
    }
    if (!had_fit && outcome.choice != nullptr) outcome.to_gaze_s = now_s() - first_target_s;
    const ProcedurePhase then = procedure_.phase();
    if (then == ProcedurePhase::done || then == ProcedurePhase::review || then == ProcedurePhase::aborted)
      break;
    const ProcedureSnapshot view = procedure_.snapshot();
    const bool waits_for_an_eye =
        then == ProcedurePhase::gate &&
        std::any_of(view.findings.begin(), view.findings.end(), [](const Finding& finding) {
          return finding.kind == FindingKind::no_eye && !finding.is_resolved;
        });
    if (view.is_paused || waits_for_an_eye) break;  // nobody is there to mend it
  }
  outcome.phase = procedure_.phase();
  outcome.points = procedure_.points();
  outcome.findings = procedure_.snapshot().findings;
  outcome.length_s = now_s() - start_s;
  if (outcome.phase != ProcedurePhase::done) (void)procedure_.abort();
  return outcome;
}

std::optional<KnownTarget> known_target_of(const GazeMapper& mapper,
                                           std::span<const CalibrationSample> samples) {
  KnownTarget known;
  double count = 0.0;
  for (const CalibrationSample& sample : samples) {
    const auto point = mapper.map(sample.rays);
    if (!point) continue;
    known.at = sample.rays.captured_at;
    known.target_in_screen_mm = sample.target_in_screen_mm;
    known.gaze_in_screen_mm += point->point_in_screen_mm;
    known.gaze_covariance_mm2 += point->covariance_mm2;
    count += 1.0;
  }
  if (count == 0.0) return std::nullopt;
  known.gaze_in_screen_mm /= count;
  known.gaze_covariance_mm2 /= count;
  return known;
}

}  // namespace yarbus::benchmark
