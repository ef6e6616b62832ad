#pragma once

#include <functional>
#include <optional>

#include "calibration/procedure/calibration_procedure.h"
#include "tests/support/simulated_participant.h"

namespace yarbus::support {

/// Runs the procedure with a simulated participant and a window that shows each target two frames after it is
/// asked to. Every fit and score is accepted, unless `answers` is off.
class WizardRun {
 public:
  WizardRun(const ProcedureOptions& options, const ParticipantOptions& participant)
      : procedure(options), participant_(participant) {}

  /// One camera frame.
  void step() {
    ++frame_;
    const ProcedureSnapshot view = procedure.snapshot();
    if (view.target && view.target->step == TargetStep::requested && window_shows) {
      if (asked_target_ != view.target->target) {
        asked_target_ = view.target->target;
        asked_frame_ = frame_;
      } else if (frame_ - asked_frame_ >= 2) {
        (void)procedure.target_shown(view.target->target, now());
      }
    }
    std::optional<VisibleTarget> visible;
    if (view.target && view.target->step != TargetStep::requested) {
      visible = VisibleTarget{view.target->target, view.target->point, view.target->position_in_screen_mm};
    }
    ProcedureFrame frame = participant_.look(now(), visible);
    if (alter) alter(frame, view);
    procedure.push(frame);
    if (auto ready = procedure.take_ready()) {
      (ready->wanted == SamplesReady::For::fit ? fit_samples : score_samples) = ready;
      if (answers) answer(ready->wanted, ready->id);
    }
  }
  void answer(SamplesReady::For wanted, int id) {
    const StageOutcome outcome{true, "accepted", ""};
    if (wanted == SamplesReady::For::fit) {
      (void)procedure.fit_finished(id, outcome);
    } else {
      (void)procedure.score_finished(id, outcome);
    }
  }
  /// Until it is done, aborted, paused by itself, or waits for a person's decision; true if it is done.
  bool run(double limit_s) {
    const double end_s = seconds() + limit_s;
    while (seconds() < end_s) {
      step();
      const ProcedurePhase phase = procedure.phase();
      if (phase == ProcedurePhase::done) return true;
      if (phase == ProcedurePhase::review || phase == ProcedurePhase::aborted) return false;
    }
    return false;
  }
  template <class Condition>
  bool run_until(Condition condition, double limit_s) {
    const double end_s = seconds() + limit_s;
    while (seconds() < end_s) {
      if (condition(procedure.snapshot())) return true;
      step();
    }
    return false;
  }
  [[nodiscard]] CaptureTime now() const { return CaptureTime(frame_ * 1'000'000'000LL / rate_hz); }
  [[nodiscard]] double seconds() const { return static_cast<double>(frame_) / rate_hz; }

  int rate_hz = 120;  ///< of the camera; set before the first step
  CalibrationProcedure procedure;
  /// Changes a frame before the procedure sees it; the snapshot is the one before it.
  std::function<void(ProcedureFrame&, const ProcedureSnapshot&)> alter;
  bool window_shows = true;
  bool answers = true;
  std::optional<SamplesReady> fit_samples;
  std::optional<SamplesReady> score_samples;

 private:
  SimulatedParticipant participant_;
  long long frame_ = 0;
  long long asked_frame_ = 0;
  int asked_target_ = -1;
};

}  // namespace yarbus::support
