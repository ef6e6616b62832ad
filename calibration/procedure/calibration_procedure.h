#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "calibration/procedure/find_faults.h"
#include "calibration/procedure/head_pass.h"
#include "calibration/procedure/point_recorder.h"
#include "calibration/procedure/procedure_options.h"
#include "calibration/procedure/procedure_snapshot.h"
#include "calibration/procedure/start_gate.h"
#include "calibration/procedure/target_plan.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Samples that are ready for somebody else's work.
struct SamplesReady {
  enum class For : std::uint8_t { fit, score } wanted = For::fit;
  int id = 0;                                  ///< to be given back with the outcome
  std::vector<CalibrationSample> calibration;  ///< chosen samples of the points in use
  /// For::score only: every frame of the fixations, lost ones too, so that data loss can be told.
  std::vector<CalibrationSample> validation;
};

/// What came of that work.
struct StageOutcome {
  bool is_accepted = false;
  std::string text;    ///< why not, or how good it is; a sentence without a full stop
  std::string remedy;  ///< if not accepted
};

/// The calibration wizard's rules: which target is shown when, what is kept of it, what is wrong, what comes
/// next.
///
/// It is advanced by frames alone: push() carries the time, no clock is read. The window draws snapshot() and
/// reports target_shown(); fit and score are done by whoever owns the mappers, between take_ready() and
/// fit_finished() / score_finished(). A point once accepted is only ever replaced by a result at least as
/// good. Commands that make no sense now return an Error and change nothing. Threads: one owner. push() takes
/// no memory except where a point begins or ends.
class CalibrationProcedure {
 public:
  explicit CalibrationProcedure(const ProcedureOptions& options);  ///< valid (YARBUS_CHECK)

  // Commands.
  Result<void> start(const ProcedureRequest& request);  ///< from idle, done or aborted
  /// The target with that number is on the screen since then (capture clock): its time counts from here.
  Result<void> target_shown(int target, CaptureTime shown_at);
  /// The key: at the gate, start; at a target, end it as soon as the gaze is still; in the head pass, end it
  /// with what there is; at a review, go on in spite of what was found, where that is possible.
  Result<void> accept();
  Result<void> pause();
  Result<void> resume();  ///< the target that was shown starts again
  Result<void> abort();
  Result<void> skip();  ///< ends the present target without a result
  Result<void> redo(int point);
  Result<void> redo_all_poor();  ///< every point that is not good
  Result<void> fit_finished(int id, const StageOutcome& outcome);
  Result<void> score_finished(int id, const StageOutcome& outcome);

  /// Frames' times must rise; others are passed over. (Freeze the eye model from the first target on: a model
  /// that changes looks like a slip.)
  void push(const ProcedureFrame& frame);
  /// Once per request, when there is one.
  std::optional<SamplesReady> take_ready();

  [[nodiscard]] ProcedureSnapshot snapshot() const;
  /// The snapshot's target alone; no heap.
  [[nodiscard]] std::optional<TargetView> target_view() const;
  [[nodiscard]] ProcedurePhase phase() const { return phase_; }
  [[nodiscard]] const ProcedureRequest& request() const { return request_; }
  /// Every showing with all its raw samples, in order; kept until the next start().
  [[nodiscard]] const std::vector<PointAttempt>& attempts() const { return attempts_; }
  /// The result in force for each point.
  [[nodiscard]] std::vector<PointResult> points() const;
  /// How far the eye trailed the moving target, s.
  [[nodiscard]] std::optional<double> pursuit_lag_s() const { return pursuit_lag_s_; }

 private:
  struct Point {
    int attempts = 0;
    int current = -1;  ///< into attempts_; -1: none
    int automatic_redos = 0;
    bool is_skipped = false;
    PointReason flag = PointReason::none;  ///< from the review
    std::optional<double> off_deg;
  };

  // Showing (calibration_procedure.cpp).
  void push_gate(const ProcedureFrame& frame, double step_s);
  void push_target(const ProcedureFrame& frame);
  void begin_next();
  void request_target(int point);
  void start_recording(CaptureTime shown_at);
  void continue_motion(int point);
  void finish_point(std::optional<PointReason> forced);
  void keep_attempt(PointAttempt attempt);
  [[nodiscard]] CaptureTime now() const { return last_.value_or(CaptureTime{}); }
  [[nodiscard]] std::array<std::optional<ExpectedTurn>, 2> expected_turns(const Eigen::Vector2d& to_mm) const;
  [[nodiscard]] bool is_showing() const {
    return phase_ == ProcedurePhase::calibration || phase_ == ProcedurePhase::validation;
  }
  [[nodiscard]] bool shows_head_pass() const { return showing_point_ && showing_point_ == plan_.head_pass; }
  [[nodiscard]] const Showing& showing() const {
    return shows_head_pass() ? head_pass_.showing() : recorder_.showing();
  }

  // Commands (procedure_commands.cpp).
  void cancel_showing();
  Result<void> redo_points(const std::vector<int>& points);
  [[nodiscard]] Result<void> check_outcome(ProcedurePhase phase, int id) const;

  // Between points (procedure_review.cpp).
  void review();
  [[nodiscard]] bool queue_automatic_redos(const FaultReport& report, bool is_validation);
  void keep_findings(std::vector<Finding> findings, bool of_validation);
  void resolve(FindingKind kind);
  void add_finding(Finding finding);
  [[nodiscard]] bool has_finding(FindingKind kind) const;
  void request_work(SamplesReady::For wanted);
  void apply_pursuit_lag_to_attempts();
  void say(std::string message);
  [[nodiscard]] PointResult result_of(int point) const;
  [[nodiscard]] bool is_validation(int point) const {
    return plan_.points[static_cast<std::size_t>(point)].is_validation;
  }
  [[nodiscard]] std::vector<CalibrationSample> samples_of(bool is_validation) const;
  [[nodiscard]] int points_left() const;
  [[nodiscard]] double time_left_s() const;
  /// Of the head pass, if it is still to come or under way.
  [[nodiscard]] double head_pass_left_s() const;
  [[nodiscard]] std::string name_of(int point) const;
  /// In review: what was found can be passed over.
  [[nodiscard]] bool can_go_on() const;

  ProcedureOptions options_;
  ProcedureRequest request_;
  TargetPlan plan_;
  StartGate gate_;
  PointRecorder recorder_;
  HeadPassRecorder head_pass_;
  ProcedurePhase phase_ = ProcedurePhase::idle;
  bool is_paused_ = false;

  std::vector<Point> points_;
  std::vector<PointAttempt> attempts_;
  std::vector<int> queue_;  ///< points still to show, next first; without the present one
  std::optional<int> showing_point_;
  TargetStep step_ = TargetStep::requested;
  int next_target_ = 0;
  int target_ = -1;
  CaptureTime requested_at_{};
  std::optional<PursuitMotion> motion_;
  std::optional<CaptureTime> accepted_at_;  ///< a key press that waits for still gaze
  int followed_attempt_ = -1;               ///< the latest good one: where jumps are measured from

  std::optional<CaptureTime> last_;
  CaptureTime eye_seen_at_{};    ///< or when the first frame came
  double eye_seen_share_ = 0.0;  ///< of the last frames, leaky average
  std::array<bool, 2> is_tracked_{};
  FrameCounts counts_;
  double shown_s_ = 0.0;  ///< total of the points that ended by themselves, with their number
  int shown_count_ = 0;

  bool has_fit_ = false;
  int ready_id_ = 0;
  std::optional<SamplesReady> ready_;
  std::optional<double> pursuit_lag_s_;
  std::vector<Finding> findings_;
  std::vector<std::string> messages_;
};

}  // namespace yarbus
