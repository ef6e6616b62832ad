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
constexpr int iterations_per_test = 15;
/// Frames that a slip test needs, and how long they wait for one another at most.
constexpr std::size_t fewest_tested = 3;
constexpr double longest_wait_s = 0.3;
/// The eye's place is settled when its worst direction across the line of sight is this sure.
constexpr double settled_across_mm = 0.25;
constexpr std::size_t settled_frames = 6;
constexpr std::size_t most_early_frames = 100;
constexpr double settled_spread_rad = 0.05;
constexpr double settled_weight = 0.99;

double seconds(CaptureTime time) { return std::chrono::duration<double>(time).count(); }

/// Adds variance to the eye centre's part.
void open_centre(ModelCovariance& information_per_mm2, double variance_mm2) {
  ModelCovariance covariance = information_per_mm2.inverse();
  covariance.topLeftCorner<3, 3>().diagonal().array() += variance_mm2;
  information_per_mm2 = covariance.inverse();
}

}  // namespace

class OnlineEyeModel::Impl {
 public:
  Impl(const OnlineModelOptions& options, const CameraIntrinsics& intrinsics)
      : options_(options), intrinsics_(intrinsics), pinhole_(intrinsics) {
    YARBUS_CHECK(options.validate().has_value());
    YARBUS_CHECK(intrinsics.validate().has_value());
    pinhole_.distortion = {};
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
  [[nodiscard]] std::optional<Eigen::Vector3d> slipped_centre();
  void open_pose(const Eigen::Vector3d& moved_center_in_cam_mm);
  RefractionSolution update();
  void choose_start();
  [[nodiscard]] bool has_settled(const ModelCovariance& covariance_mm2) const;
  void publish_all_minima(EyeModel& model) const;
  void marginalise(const RefractionFrame& frame);
  [[nodiscard]] RefractionProblem problem_of(std::vector<RefractionFrame> frames, const ShapePrior& prior) const;
  [[nodiscard]] ModelCovariance covariance() const;

  OnlineModelOptions options_;
  CameraIntrinsics intrinsics_;
  CameraIntrinsics pinhole_;
  std::vector<EyeMinimum> minima_;
  std::optional<EyeModel> known_;  ///< of the wearer, before the first frame
  bool uses_known_place_ = false;
  bool has_started_ = false;
  bool is_settled_ = false;
  int slips_ = 0;
  int frames_used_ = 0;
  ShapePrior background_;                 ///< x_b and B: what is no longer in the window
  EyeShape shape_ = EyeShape::Zero();     ///< x: background and window together
  std::vector<RefractionFrame> window_;   ///< by rising time
  std::vector<RefractionFrame> waiting_;  ///< for the slip test
  std::vector<FitFrame> early_;           ///< what the closed form starts from, until the place is settled
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
  const RefractionProblem problem = problem_of(window_, background_);
  return (background_.information_per_mm2 + shape_information(problem)).inverse();
}

void OnlineEyeModel::Impl::receive(const FitFrame& frame) {
  if (!frame.observation.ellipse.is_valid()) return;
  if (!has_started_) {
    background_ = prior_from_first_frame(frame.observation.ellipse, pinhole_);
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
  kept.evidence = RefractionEvidence::from(frame.observation, frame.features);
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
  open_centre(background_.information_per_mm2,
              options_.drift_mm_per_sqrt_s * options_.drift_mm_per_sqrt_s * passed_s);
}

/// Innovation test: do the waiting frames fit a moved eye centre so much better than the model's that the
/// headset must have slipped? An eye that turned in its socket fits both alike. Returns the moved centre.
std::optional<Eigen::Vector3d> OnlineEyeModel::Impl::slipped_centre() {
  double stays = 0.0;
  for (RefractionFrame& frame : waiting_) {
    const auto fit = fit_turn(frame.evidence, shape_, frame.chart, frame.turn, pinhole_, 15);
    if (fit) frame.turn = fit->turn;
    stays += refraction_cost(frame.evidence, RefractedFrame(shape_, frame.chart, frame.turn, pinhole_));
  }
  if (stays < options_.slip_evidence) return std::nullopt;
  ShapePrior opened{shape_, covariance().inverse()};
  open_centre(opened.information_per_mm2, options_.slip_mm * options_.slip_mm);
  // From afar the robust loss shows no way: first with edges four times as wide.
  RefractionProblem moved = problem_of(waiting_, opened);
  moved.holds_anatomy = true;
  RefractionSolution solution;
  for (const double width : {4.0, 1.0}) {
    for (std::size_t i = 0; i < moved.frames.size(); ++i) {
      moved.frames[i].evidence = waiting_[i].evidence;
      for (WeighedPoint& point : moved.frames[i].evidence.pupil) point.sigma_px *= width;
    }
    solution = solve(moved, iterations_per_test);
    if (!solution.is_usable) return std::nullopt;
  }
  const Eigen::Vector3d center = moved.eye_centers_in_cam_mm.front();
  const bool is_believed = stays - solution.cost > options_.slip_evidence &&
                           (center - shape_.head<3>()).norm() > options_.least_slip_mm;
  return is_believed ? std::optional(center) : std::nullopt;
}

/// After a slip all that was seen before becomes background, and the background no longer knows where the eye
/// is; the anatomy stays.
void OnlineEyeModel::Impl::open_pose(const Eigen::Vector3d& moved_center_in_cam_mm) {
  // While the headset is still on its way nothing was learnt since the last opening: no second one is needed.
  if (!window_.empty()) {
    for (const RefractionFrame& frame : window_) marginalise(frame);
    window_.clear();
    open_centre(background_.information_per_mm2, options_.slip_mm * options_.slip_mm);
    ++slips_;
  }
  shape_.head<3>() = moved_center_in_cam_mm;
  waiting_.clear();  // some were taken on the way
}

/// The frame's information moves into the background, where it counts from now on.
void OnlineEyeModel::Impl::marginalise(const RefractionFrame& frame) {
  const RefractedFrame view(shape_, frame.chart, frame.turn, pinhole_);
  const ReducedEquations reduced = eliminate_turn(refraction_equations(frame.evidence, view));
  const EyeShape right = background_.information_per_mm2 * background_.mean +
                         reduced.information * shape_ + reduced.right;
  background_.information_per_mm2 += reduced.information;
  background_.mean = background_.information_per_mm2.ldlt().solve(right);
}

/// Until the place is settled there may be several minima (a tilted ellipse has two circles): all are sought.
/// The best is gone on from; what is published is the mean of all and the spread between them.
void OnlineEyeModel::Impl::choose_start() {
  std::vector<Eigen::Vector3d> starts{shape_.head<3>()};
  for (const Eigen::Vector3d& center : starting_centers(early_, pinhole_)) starts.push_back(center);
  minima_ = find_minima(problem_of(window_, background_), starts);
  if (!minima_.empty()) shape_.head<3>() = minima_.front().eye_center_in_cam_mm;
}

/// Is the eye's place known well enough, and only one place left?
bool OnlineEyeModel::Impl::has_settled(const ModelCovariance& covariance_mm2) const {
  if (window_.size() < settled_frames || minima_.empty() || minima_.front().weight < settled_weight) return false;
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
  if (!is_settled_) start_turns(problem);
  const RefractionSolution solution = solve(problem, iterations_per_update);
  if (!solution.is_usable) return solution;
  shape_ << problem.eye_centers_in_cam_mm.front(), problem.anatomy_mm;
  window_ = std::move(problem.frames);
  while (window_.size() > static_cast<std::size_t>(options_.window_frames)) {
    marginalise(window_.front());
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
    if (is_settled_) {
      if (const auto moved = slipped_centre()) open_pose(*moved);
    }
    frames_used_ += static_cast<int>(waiting_.size());
    for (RefractionFrame& frame : waiting_) window_.push_back(frame);
    waiting_.clear();
    if (!window_.empty()) solution = update();
  }
  outcome = refraction_outcome(problem_of(window_, background_), solution, intrinsics_, covariance());
  EyeModel& model = *outcome.model;
  if (!is_settled_ && has_settled(model.covariance_mm2)) {
    is_settled_ = true;
    early_.clear();
    minima_.clear();
  }
  if (!is_settled_) {
    publish_all_minima(model);
    // The spread of the minima is doubt as well: the report says it too.
    if (minima_.size() > 1)
      describe_certainty(problem_of(window_, background_), model.covariance_mm2, outcome.report);
  }
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
