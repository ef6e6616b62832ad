#include "eyemodel/online/online_eye_model.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>
#include <Eigen/LU>

#include "eyemodel/fit/fit_refraction.h"
#include "eyemodel/fit/refraction_problem.h"
#include "eyemodel/fit/refraction_report.h"
#include "eyemodel/fit/refraction_start.h"
#include "eyemodel/online/known_eye.h"

namespace yarbus {
namespace {

constexpr int iterations_per_update = 12;
/// A slip longer than so many of its standard deviations is none, but a frame that fits nothing.
constexpr double longest_slip = 4.0;
/// Frames that a slip test needs, and how long they wait for one another at most.
constexpr std::size_t fewest_tested = 3;
constexpr double longest_wait_s = 0.3;
/// A frame's cost (refraction_cost) that the model does not explain: so much, and so many times the usual.
constexpr double least_misfit = 25.0;
constexpr double misfit_factor = 2.0;
constexpr double usual_cost_gain = 0.05;
constexpr double usual_cost_at_first = 12.0;
/// Misfits are judged when the eye has turned so far among them, or after so long.
constexpr double judged_spread_rad = 0.03;
constexpr double longest_suspicion_s = 0.8;
/// The eye's place is settled when its worst direction across the line of sight is this sure.
constexpr double settled_across_mm = 0.25;
constexpr double growth_between_searches = 1.25;
constexpr int updates_between_searches = 5;
constexpr std::size_t settled_frames = 6;
constexpr std::size_t most_early_frames = 100;
constexpr double settled_spread_rad = 0.05;
constexpr double settled_weight = 0.99;

double seconds(CaptureTime time) { return std::chrono::duration<double>(time).count(); }

Eigen::Vector3d gaze_of(const RefractionFrame& frame) {
  return frame.chart.gaze_at(frame.turn[0], frame.turn[1], 1.0);
}

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
      : options_(options), intrinsics_(intrinsics), pinhole_(pinhole_with_lights(intrinsics)) {
    YARBUS_CHECK(options.validate().has_value());
    YARBUS_CHECK(intrinsics.validate().has_value());
  }

  void begin_with(const EyeModel& known, bool uses_place) {
    YARBUS_CHECK(!has_started_);
    known_ = known;
    uses_known_place_ = uses_place;
  }
  FitOutcome assimilate(std::span<const FitFrame> frames);

 private:
  void receive(const FitFrame& frame);
  void forget_by_time(CaptureTime now);
  void open_background(double variance_mm2);
  std::size_t misfits_from();
  [[nodiscard]] std::optional<Eigen::Vector3d> slipped_centre(
      const std::vector<RefractionFrame>& frames) const;
  std::vector<RefractionFrame> take_tested();
  void open_pose(const Eigen::Vector3d& moved_center_in_cam_mm);
  RefractionSolution update();
  void choose_start();
  [[nodiscard]] bool has_settled(const ModelCovariance& covariance_mm2) const;
  void publish_all_minima(EyeModel& model) const;
  void marginalise(const RefractionFrame& frame);
  [[nodiscard]] RefractionProblem problem_of(std::vector<RefractionFrame> frames,
                                             const ShapePrior& prior) const;
  [[nodiscard]] ModelCovariance covariance() const;

  OnlineModelOptions options_;
  CameraIntrinsics intrinsics_;
  CameraIntrinsics pinhole_;  ///< with the lights
  std::vector<EyeMinimum> minima_;
  std::optional<EyeModel> known_;  ///< of the wearer, before the first frame
  bool uses_known_place_ = false;
  std::size_t searched_at_ = 0;  ///< the window's size when they were last sought
  int updates_since_search_ = 0;
  bool has_started_ = false;
  bool is_settled_ = false;
  int slips_ = 0;
  int frames_used_ = 0;
  double usual_cost_ = usual_cost_at_first;                 ///< of one frame under the model
  ShapePrior background_;                                   ///< x_b and B: what is no longer in the window
  BiasCoupling background_by_bias_ = BiasCoupling::Zero();  ///< how the detector's bias pulls at it
  EyeShape shape_ = EyeShape::Zero();                       ///< x: background and window together
  std::vector<RefractionFrame> window_;                     ///< by rising time
  std::vector<RefractionFrame> waiting_;                    ///< for the slip test
  std::vector<FitFrame> early_;  ///< what the closed form starts from, until the place is settled
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
  if (!is_settled_ && early_.size() < most_early_frames) early_.push_back(frame);
  RefractionFrame kept;
  kept.evidence = RefractionEvidence::from(frame, intrinsics_);
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

/// Fits the waiting frames' turns under the model and says which of them do not fit it, from the newest back:
/// the place of the first frame of that run. Lids and lashes spoil frames as well, so what is usual counts.
/// Glints have no part in it: how sharply they are believed changes with the model.
std::size_t OnlineEyeModel::Impl::misfits_from() {
  const double limit = std::max(least_misfit, misfit_factor * usual_cost_);
  std::size_t from = waiting_.size();
  bool is_run = true;
  for (std::size_t i = waiting_.size(); i-- > 0;) {
    RefractionFrame& frame = waiting_[i];
    const RefractionEvidence evidence = frame.evidence.without_glints();
    const auto fit = fit_turn(evidence, shape_, frame.chart, frame.turn, pinhole_, 15);
    if (fit) frame.turn = fit->turn;
    const double cost = refraction_cost(evidence, RefractedFrame(shape_, frame.chart, frame.turn, pinhole_));
    is_run = is_run && cost > limit;
    if (is_run) from = i;
    usual_cost_ += usual_cost_gain * (std::min(cost, limit) - usual_cost_);
  }
  return from;
}

/// Innovation test: do these frames fit a moved eye centre so much better than the model's that the headset
/// must have slipped? An eye that turned in its socket fits both alike. Returns the moved centre.
std::optional<Eigen::Vector3d> OnlineEyeModel::Impl::slipped_centre(
    const std::vector<RefractionFrame>& frames) const {
  double stays = 0.0;
  for (const RefractionFrame& frame : frames)
    stays += refraction_cost(frame.evidence.without_glints(),
                             RefractedFrame(shape_, frame.chart, frame.turn, pinhole_));
  const ShapePrior opened{shape_,
                          with_centre_opened(covariance().inverse(), options_.slip_mm * options_.slip_mm)};
  // From afar the robust loss shows no way: several places around are tried.
  const Eigen::Vector3d here = shape_.head<3>();
  const double reach_mm = 0.6 * options_.slip_mm;
  std::vector<Eigen::Vector3d> starts{here};
  for (const double way : {-reach_mm, reach_mm}) {
    starts.emplace_back(here + Eigen::Vector3d(way, 0.0, 0.0));
    starts.emplace_back(here + Eigen::Vector3d(0.0, way, 0.0));
  }
  const auto minima = find_minima(problem_of(frames, opened), starts);
  if (minima.empty()) return std::nullopt;
  const Eigen::Vector3d center = minima.front().eye_center_in_cam_mm;
  const double way_mm = (center - here).norm();
  const bool is_believed = stays - minima.front().cost > options_.slip_evidence &&
                           way_mm > options_.least_slip_mm && way_mm < longest_slip * options_.slip_mm;
  return is_believed ? std::optional(center) : std::nullopt;
}

/// The waiting frames that may be taken in now, after the slip test: those that fit, and those whose misfit
/// no slip explains. One wrong outline can look like a slip for as long as the eye keeps still, so misfits
/// are judged when the eye has looked elsewhere, or after a while; until then they wait.
std::vector<RefractionFrame> OnlineEyeModel::Impl::take_tested() {
  const std::size_t from = misfits_from();
  const auto first_misfit = waiting_.begin() + static_cast<std::ptrdiff_t>(from);
  std::vector<RefractionFrame> taken(waiting_.begin(), first_misfit);
  std::vector<RefractionFrame> misfits(first_misfit, waiting_.end());
  waiting_.clear();
  if (misfits.empty()) return taken;
  double least_cosine = 1.0;
  for (const RefractionFrame& frame : misfits)
    least_cosine = std::min(least_cosine, gaze_of(frame).dot(gaze_of(misfits.front())));
  const bool has_looked_elsewhere = std::acos(std::min(1.0, least_cosine)) > judged_spread_rad;
  const bool is_old = seconds(misfits.back().captured_at - misfits.front().captured_at) > longest_suspicion_s;
  if (misfits.size() < fewest_tested || !(has_looked_elsewhere || is_old)) {
    waiting_ = std::move(misfits);
    return taken;
  }
  if (const auto moved = slipped_centre(misfits)) {
    for (RefractionFrame& frame : taken) window_.push_back(std::move(frame));
    open_pose(*moved);
    taken.clear();
    // Frames from the slip's own course fit neither place.
    const double limit = std::max(least_misfit, misfit_factor * usual_cost_);
    for (RefractionFrame& frame : misfits) {
      const auto turn = starting_turn(frame.ellipse, shape_, pinhole_, frame.chart);
      const auto fit = turn ? fit_turn(frame.evidence.without_glints(), shape_, frame.chart, *turn, pinhole_)
                            : std::nullopt;
      if (!fit || fit->equations.cost > limit) continue;
      frame.turn = fit->turn;
      taken.push_back(std::move(frame));
    }
  } else {
    for (RefractionFrame& frame : misfits) taken.push_back(std::move(frame));
  }
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

/// Until the place is settled there may be several minima (a tilted ellipse has two circles): all are sought.
/// The best is gone on from; what is published is the mean of all and the spread between them.
void OnlineEyeModel::Impl::choose_start() {
  std::vector<Eigen::Vector3d> starts{shape_.head<3>()};
  for (const EyeMinimum& minimum : minima_) starts.push_back(minimum.eye_center_in_cam_mm);
  // Few new frames bring no minima that were not there before.
  const bool has_grown =
      static_cast<double>(window_.size()) >= growth_between_searches * static_cast<double>(searched_at_);
  if (has_grown || ++updates_since_search_ >= updates_between_searches) {
    searched_at_ = window_.size();
    updates_since_search_ = 0;
    starts.resize(1);
    for (const Eigen::Vector3d& center : starting_centers(early_, pinhole_)) starts.push_back(center);
  }
  minima_ = find_minima(problem_of(window_, background_), starts);
  if (!minima_.empty()) shape_.head<3>() = minima_.front().eye_center_in_cam_mm;
}

/// Is the eye's place known well enough, and only one place left?
bool OnlineEyeModel::Impl::has_settled(const ModelCovariance& covariance_mm2) const {
  if (window_.size() < settled_frames || minima_.empty() || minima_.front().weight < settled_weight)
    return false;
  double least_cosine = 1.0;
  for (const RefractionFrame& a : window_)
    least_cosine = std::min(least_cosine, a.chart.base_in_cam.dot(window_.front().chart.base_in_cam));
  if (std::acos(std::min(1.0, least_cosine)) < settled_spread_rad) return false;
  const Eigen::Vector3d sight = shape_.head<3>().normalized();
  Eigen::Matrix<double, 3, 2> across;
  across.col(0) = sight.unitOrthogonal();
  across.col(1) = sight.cross(across.col(0));
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> eigen(
      across.transpose() * covariance_mm2.topLeftCorner<3, 3>() * across, Eigen::EigenvaluesOnly);
  return eigen.eigenvalues()[1] < settled_across_mm * settled_across_mm;
}

RefractionSolution OnlineEyeModel::Impl::update() {
  if (!is_settled_) choose_start();
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

/// Mean and covariance of the mixture of all minima.
void OnlineEyeModel::Impl::publish_all_minima(EyeModel& model) const {
  if (minima_.size() < 2) return;
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  for (const EyeMinimum& minimum : minima_) mean += minimum.weight * minimum.eye_center_in_cam_mm;
  for (const EyeMinimum& minimum : minima_) {
    const Eigen::Vector3d off = minimum.eye_center_in_cam_mm - mean;
    model.covariance_mm2.topLeftCorner<3, 3>() += minimum.weight * off * off.transpose();
  }
  model.eye_center_in_cam_mm = mean;
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
  if (!is_settled_ && has_settled(model.covariance_mm2)) {
    is_settled_ = true;
    early_.clear();
    minima_.clear();
  }
  if (!is_settled_) publish_all_minima(model);
  // A slip may be under way: what is waiting says that the place is no longer sure.
  const bool may_slip = is_settled_ && waiting_.size() >= fewest_tested;
  if (may_slip) {
    model.covariance_mm2.topLeftCorner<3, 3>().diagonal().array() += options_.slip_mm * options_.slip_mm;
  }
  // Both are doubt as well: the report says it too.
  if (may_slip || minima_.size() > 1)
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
FitOutcome OnlineEyeModel::assimilate(std::span<const FitFrame> frames) { return impl_->assimilate(frames); }

}  // namespace yarbus
