#include "eyemodel/online/online_eye_model.h"

#include <array>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/LU>

#include "eyemodel/fit/fit_refraction.h"
#include "eyemodel/fit/refraction_problem.h"
#include "eyemodel/fit/refraction_report.h"
#include "eyemodel/fit/refraction_start.h"
#include "eyemodel/online/known_eye.h"
#include "eyemodel/online/slip_test.h"
#include "eyemodel/online/start_search.h"

namespace yarbus {
namespace {

constexpr int iterations_per_update = 12;
/// Frames that an update takes in together, and how long they wait for one another at most.
constexpr std::size_t fewest_tested = 3;
constexpr double longest_wait_s = 0.3;

double seconds(CaptureTime time) { return std::chrono::duration<double>(time).count(); }

/// Adds variance to the eye centre's part.
ModelCovariance with_centre_opened(const ModelCovariance& information_per_mm2, double variance_mm2) {
  ModelCovariance covariance = information_per_mm2.inverse();
  covariance.topLeftCorner<3, 3>().diagonal().array() += variance_mm2;
  return covariance.inverse();
}

}  // namespace

class OnlineEyeModel::Impl {
 public:
  Impl(const OnlineModelOptions& options, const CameraIntrinsics& intrinsics)
      : options_(options),
        intrinsics_(intrinsics),
        pinhole_(pinhole_with_lights(intrinsics)),
        slip_test_({options.slip_mm, options.least_slip_mm, options.slip_evidence}) {
    YARBUS_CHECK(options.validate().has_value());
    YARBUS_CHECK(intrinsics.validate().has_value());
  }

  void begin_with(const EyeModel& known, bool uses_place) {
    YARBUS_CHECK(!has_started_);
    known_ = known;
    uses_known_place_ = uses_place;
  }
  FitOutcome assimilate(std::span<const FitFrame> frames);
  /// What is waiting says that the place is no longer sure.
  [[nodiscard]] bool suspects_slip() const { return is_settled_ && waiting_.size() >= fewest_tested; }

 private:
  void receive(const FitFrame& frame);
  void forget_by_time(CaptureTime now);
  void open_background(double variance_mm2);
  std::vector<RefractionFrame> take_tested();
  void open_pose(const Eigen::Vector3d& moved_center_in_cam_mm);
  RefractionSolution update();
  void marginalise(const RefractionFrame& frame);
  [[nodiscard]] RefractionProblem problem_of(std::vector<RefractionFrame> frames,
                                             const ShapePrior& prior) const;
  [[nodiscard]] ModelCovariance covariance() const;

  OnlineModelOptions options_;
  CameraIntrinsics intrinsics_;
  CameraIntrinsics pinhole_;       ///< with the lights
  StartSearch search_;             ///< until the place is settled
  SlipTest slip_test_;             ///< from then on
  std::optional<EyeModel> known_;  ///< of the wearer, before the first frame
  bool uses_known_place_ = false;
  bool has_started_ = false;
  bool is_settled_ = false;
  int slips_ = 0;
  int frames_used_ = 0;
  std::size_t frames_seen_ = 0;
  std::size_t limbi_found_ = 0;                             ///< of these, those with a limbus
  ShapePrior background_;                                   ///< x_b and B: what is no longer in the window
  BiasCoupling background_by_bias_ = BiasCoupling::Zero();  ///< how the detector's bias pulls at it
  EyeShape shape_ = EyeShape::Zero();                       ///< x: background and window together
  std::vector<RefractionFrame> window_;                     ///< by rising time
  std::vector<RefractionFrame> waiting_;                    ///< for the slip test
  CaptureTime background_time_{};
};

std::span<const OptionField<OnlineModelOptions>> OnlineModelOptions::fields() {
  using O = OnlineModelOptions;
  static constexpr std::array<OptionField<O>, 5> table{{
      {"window_frames", &O::window_frames, 8, 500,
       "observations kept open; older ones live on in the background"},
      {"drift_mm_per_sqrt_s", &O::drift_mm_per_sqrt_s, 0.0, 5.0,
       "random walk of the eye's centre while the headset sits still"},
      {"slip_mm", &O::slip_mm, 0.1, 20.0, "standard deviation of what one slip of the headset moves"},
      {"least_slip_mm", &O::least_slip_mm, 0.0, 5.0, "a shorter way is drift, not a slip"},
      {"slip_evidence", &O::slip_evidence, 1.0, 1e6, "log likelihood ratio from which a slip is believed"},
  }};
  return table;
}

Result<void> OnlineModelOptions::validate() const {
  return validate_options(*this, fields(), "online eye model");
}

RefractionProblem OnlineEyeModel::Impl::problem_of(std::vector<RefractionFrame> frames,
                                                   const ShapePrior& prior) const {
  RefractionProblem problem;
  problem.intrinsics = pinhole_;
  problem.eye_centers_in_cam_mm = {shape_.head<3>()};
  problem.anatomy_mm = shape_.tail<4>();
  problem.prior = prior;
  problem.frames = std::move(frames);
  return problem;
}

ModelCovariance OnlineEyeModel::Impl::covariance() const {
  const ReducedEquations of_window = reduced_equations(problem_of(window_, background_));
  return shape_covariance(background_.information_per_mm2 + of_window.information,
                          background_by_bias_ + of_window.by_bias);
}

void OnlineEyeModel::Impl::receive(const FitFrame& frame) {
  if (!frame.observation.ellipse.is_valid()) return;
  if (!has_started_) {
    background_ = prior_from_first_frame(frame.observation.ellipse, pinhole_, AnatomyPrior{});
    if (known_) {
      background_ = prior_from_known_eye(*known_, uses_known_place_, background_, frame.observation.ellipse,
                                         pinhole_, options_.slip_mm);
      known_.reset();
    }
    shape_ = background_.mean;
    background_time_ = frame.captured_at;
    has_started_ = true;
  }
  if (!is_settled_) search_.add(frame);
  RefractionFrame kept;
  kept.evidence = RefractionEvidence::from(frame, intrinsics_);
  ++frames_seen_;
  limbi_found_ += kept.evidence.limbus.empty() ? 0U : 1U;
  if (!is_limbus_credible(limbi_found_, frames_seen_)) kept.evidence.limbus.clear();
  kept.ellipse = frame.observation.ellipse;
  kept.captured_at = frame.captured_at;
  const auto turn = starting_turn(kept.ellipse, shape_, pinhole_, kept.chart);
  if (!turn) return;
  kept.turn = *turn;
  waiting_.push_back(kept);
}

/// Time passes: the background's idea of where the eye is grows vaguer.
void OnlineEyeModel::Impl::forget_by_time(CaptureTime now) {
  const double passed_s = seconds(now - background_time_);
  if (!(passed_s > 0.0)) return;
  background_time_ = now;
  open_background(options_.drift_mm_per_sqrt_s * options_.drift_mm_per_sqrt_s * passed_s);
}

/// The background's centre grows vaguer; what a bias of the detector did to its mean stays done.
void OnlineEyeModel::Impl::open_background(double variance_mm2) {
  const BiasCoupling moved_mm = background_.information_per_mm2.ldlt().solve(background_by_bias_);
  background_.information_per_mm2 = with_centre_opened(background_.information_per_mm2, variance_mm2);
  background_by_bias_ = background_.information_per_mm2 * moved_mm;
}

/// The waiting frames that may be taken in now, after the slip test: those that fit, and those whose misfit
/// no slip explains. Misfits that cannot be judged yet wait.
std::vector<RefractionFrame> OnlineEyeModel::Impl::take_tested() {
  const auto first_misfit =
      waiting_.begin() + static_cast<std::ptrdiff_t>(slip_test_.misfits_from(waiting_, shape_, pinhole_));
  std::vector<RefractionFrame> taken(waiting_.begin(), first_misfit);
  std::vector<RefractionFrame> misfits(first_misfit, waiting_.end());
  waiting_.clear();
  if (misfits.empty()) return taken;
  if (!SlipTest::may_judge(misfits)) {
    waiting_ = std::move(misfits);
    return taken;
  }
  const ShapePrior opened{shape_,
                          with_centre_opened(covariance().inverse(), options_.slip_mm * options_.slip_mm)};
  if (const auto moved = slip_test_.slipped_center(problem_of(misfits, opened))) {
    for (RefractionFrame& frame : taken) window_.push_back(std::move(frame));
    open_pose(*moved);
    return slip_test_.fitting(std::move(misfits), shape_, pinhole_);
  }
  for (RefractionFrame& frame : misfits) taken.push_back(std::move(frame));
  return taken;
}

/// After a slip all that was seen before becomes background, and the background no longer knows where the eye
/// is; the anatomy stays.
void OnlineEyeModel::Impl::open_pose(const Eigen::Vector3d& moved_center_in_cam_mm) {
  // While the headset is still on its way nothing was learnt since the last opening: no second one is needed.
  if (!window_.empty()) {
    for (const RefractionFrame& frame : window_) marginalise(frame);
    window_.clear();
    open_background(options_.slip_mm * options_.slip_mm);
    ++slips_;
  }
  shape_.head<3>() = moved_center_in_cam_mm;
}

/// The frame's information moves into the background, where it counts from now on.
void OnlineEyeModel::Impl::marginalise(const RefractionFrame& frame) {
  const RefractedFrame view(shape_, frame.chart, frame.turn, pinhole_);
  const ReducedEquations reduced = eliminate_turn(refraction_equations(frame.evidence, view));
  const EyeShape right =
      background_.information_per_mm2 * background_.mean + reduced.information * shape_ + reduced.right;
  background_.information_per_mm2 += reduced.information;
  background_by_bias_ += reduced.by_bias;
  background_.mean = background_.information_per_mm2.ldlt().solve(right);
}

RefractionSolution OnlineEyeModel::Impl::update() {
  if (!is_settled_) shape_.head<3>() = search_.best_center(problem_of(window_, background_));
  RefractionProblem problem = problem_of(window_, background_);
  if (!is_settled_) start_turns(problem);  // theirs may be those of another minimum
  RefractionSolution solution;
  if (is_settled_) {  // what little the model still moves, the next update follows
    const double scale = glint_scatter(problem);
    for (RefractionFrame& frame : problem.frames) frame.evidence.glint_scale = scale;
    solution = solve(problem, iterations_per_update);
  } else {
    solution = solve_with_glints(problem, iterations_per_update);
  }
  if (!solution.is_usable) return solution;
  shape_ << problem.eye_centers_in_cam_mm.front(), problem.anatomy_mm;
  window_ = std::move(problem.frames);
  while (window_.size() > static_cast<std::size_t>(options_.window_frames)) {
    // Before the place is settled a frame's information would be taken at the wrong place: it is let go.
    if (is_settled_) marginalise(window_.front());
    window_.erase(window_.begin());
  }
  return solution;
}

FitOutcome OnlineEyeModel::Impl::assimilate(std::span<const FitFrame> frames) {
  const auto start = std::chrono::steady_clock::now();
  FitOutcome outcome;
  for (const FitFrame& frame : frames) receive(frame);
  if (!has_started_) {
    outcome.report.was_run = true;
    outcome.report.stage = FitStage::refraction;
    outcome.report.failure = FitFailure::too_few_frames;
    return outcome;
  }
  RefractionSolution solution;
  solution.is_usable = solution.has_converged = true;
  const bool is_time = !waiting_.empty() &&
                       (!is_settled_ || waiting_.size() >= fewest_tested ||
                        seconds(waiting_.back().captured_at - waiting_.front().captured_at) > longest_wait_s);
  if (is_time) {
    forget_by_time(waiting_.back().captured_at);
    std::vector<RefractionFrame> taken;
    if (is_settled_) {
      taken = take_tested();
    } else {
      taken.swap(waiting_);
    }
    frames_used_ += static_cast<int>(taken.size());
    for (RefractionFrame& frame : taken) window_.push_back(std::move(frame));
    if (!window_.empty()) solution = update();
  }
  outcome = refraction_outcome(problem_of(window_, background_), solution, intrinsics_, covariance());
  EyeModel& model = *outcome.model;
  if (!is_settled_ && search_.has_settled(problem_of(window_, background_), model.covariance_mm2)) {
    is_settled_ = true;
    search_.finish();
  }
  search_.publish_all(model);
  const bool may_slip = suspects_slip();
  if (may_slip) {
    model.covariance_mm2.topLeftCorner<3, 3>().diagonal().array() += options_.slip_mm * options_.slip_mm;
  }
  // Both are doubt as well: the report says it too.
  if (may_slip || search_.is_ambiguous())
    describe_certainty(problem_of(window_, background_), model.covariance_mm2, outcome.report);
  outcome.report.slips = slips_;
  outcome.report.frames_used = frames_used_;
  outcome.report.converged = solution.is_usable;
  outcome.report.wall_time = std::chrono::steady_clock::now() - start;
  model.report = outcome.report;
  return outcome;
}

OnlineEyeModel::OnlineEyeModel(const OnlineModelOptions& options, const CameraIntrinsics& intrinsics)
    : impl_(std::make_unique<Impl>(options, intrinsics)) {}
OnlineEyeModel::~OnlineEyeModel() = default;
OnlineEyeModel::OnlineEyeModel(OnlineEyeModel&&) noexcept = default;
OnlineEyeModel& OnlineEyeModel::operator=(OnlineEyeModel&&) noexcept = default;

void OnlineEyeModel::begin_with(const EyeModel& known, bool uses_place) {
  impl_->begin_with(known, uses_place);
}
FitOutcome OnlineEyeModel::assimilate(std::span<const FitFrame> frames) {
  // As they would have come: a window that is given more than it holds would have to let the rest go.
  constexpr std::size_t together = 12;
  while (frames.size() > together) {
    impl_->assimilate(frames.first(together));
    frames = frames.subspan(together);
  }
  return impl_->assimilate(frames);
}
bool OnlineEyeModel::suspects_slip() const { return impl_->suspects_slip(); }

}  // namespace yarbus
