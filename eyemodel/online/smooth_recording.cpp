#include "eyemodel/online/smooth_recording.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <vector>

#include "eyemodel/fit/fit_refraction.h"
#include "eyemodel/fit/refraction_start.h"

namespace yarbus {
namespace {

constexpr double step_s = 0.1;
constexpr double group_s = 0.2;
constexpr double shortest_recording_s = 1.0;
/// The online model notices a slip this much later, so a placement is also tried where it is then.
constexpr double notice_s = 0.7;
constexpr int iterations_with_anatomy_held = 30;

double seconds(CaptureTime time) { return std::chrono::duration<double>(time).count(); }

/// The online model's way over the recording.
struct ForwardPass {
  std::vector<EyePlacement> way;
  std::optional<EyeModel> last;

  [[nodiscard]] Eigen::Vector3d center_at(CaptureTime at) const {
    const auto found = std::lower_bound(way.begin(), way.end(), at,
                                        [](const EyePlacement& p, CaptureTime t) { return p.at < t; });
    return found == way.end() ? way.back().eye_center_in_cam_mm : found->eye_center_in_cam_mm;
  }
};

ForwardPass run_forward(std::span<const FitFrame> frames, const CameraIntrinsics& intrinsics,
                        const OnlineModelOptions& options, const std::stop_token& stop) {
  ForwardPass pass;
  OnlineEyeModel online(options, intrinsics);
  std::size_t from = 0;
  for (std::size_t i = 0; i < frames.size() && !stop.stop_requested(); ++i) {
    const bool is_last = i + 1 == frames.size();
    if (!is_last && seconds(frames[i + 1].captured_at - frames[from].captured_at) < group_s) continue;
    const FitOutcome outcome = online.assimilate(frames.subspan(from, i + 1 - from));
    from = i + 1;
    if (!outcome.model) continue;
    pass.way.push_back({frames[i].captured_at, outcome.model->eye_center_in_cam_mm});
    pass.last = outcome.model;
  }
  return pass;
}

/// How badly the problem's frames of one placement fit an eye there.
double misfit(const RefractionProblem& problem, std::size_t placement, const Eigen::Vector3d& center_in_cam_mm) {
  EyeShape shape;
  shape << center_in_cam_mm, problem.anatomy_mm;
  if (!is_possible(shape)) return std::numeric_limits<double>::infinity();
  double cost = 0.0;
  for (const RefractionFrame& frame : problem.frames) {
    if (frame.placement != placement) continue;
    PupilChart chart;
    const auto turn = starting_turn(frame.ellipse, shape, problem.intrinsics, chart);
    const auto fit = turn ? fit_turn(frame.evidence, shape, chart, *turn, problem.intrinsics) : std::nullopt;
    if (!fit) return std::numeric_limits<double>::infinity();
    cost += fit->equations.cost;
  }
  return cost;
}

/// Placements a step apart over the frames' times, each frame between two of them.
std::vector<CaptureTime> place_frames(RefractionProblem& problem) {
  const CaptureTime first = problem.frames.front().captured_at;
  const double duration_s = seconds(problem.frames.back().captured_at - first);
  const auto steps = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(duration_s / step_s)));
  const CaptureTime step = std::chrono::duration_cast<CaptureTime>(std::chrono::duration<double>(step_s));
  std::vector<CaptureTime> times;
  for (std::size_t i = 0; i <= steps; ++i) times.push_back(first + static_cast<std::int64_t>(i) * step);
  for (RefractionFrame& frame : problem.frames) {
    const double at = seconds(frame.captured_at - first) / step_s;
    frame.placement = std::min(steps - 1, static_cast<std::size_t>(at));
    frame.placement_share = at - static_cast<double>(frame.placement);
  }
  return times;
}

}  // namespace

FitOutcome smooth_recording(std::span<const FitFrame> frames, const CameraIntrinsics& intrinsics,
                            const FitOptions& options, const OnlineModelOptions& online_options,
                            const std::stop_token& stop) {
  YARBUS_CHECK(options.validate().has_value());
  YARBUS_CHECK(intrinsics.validate().has_value());
  const auto start = std::chrono::steady_clock::now();
  std::vector<FitFrame> ordered;
  for (const FitFrame& frame : frames) {
    if (is_usable(frame)) ordered.push_back(frame);
  }
  std::stable_sort(ordered.begin(), ordered.end(), [](const FitFrame& a, const FitFrame& b) {
    return a.captured_at != b.captured_at ? a.captured_at < b.captured_at : a.sequence < b.sequence;
  });
  const bool is_long =
      !ordered.empty() &&
      seconds(ordered.back().captured_at - ordered.front().captured_at) > shortest_recording_s;
  if (!is_long || ordered.size() < static_cast<std::size_t>(options.min_frames))
    return fit_eye_model(frames, intrinsics, options, stop);

  const ForwardPass forward = run_forward(ordered, intrinsics, online_options, stop);
  if (!forward.last || stop.stop_requested()) return fit_eye_model(frames, intrinsics, options, stop);

  std::vector<const FitFrame*> pointers;
  for (const FitFrame& frame : ordered) pointers.push_back(&frame);
  RefractionProblem problem = refraction_problem(pointers, intrinsics, options.anatomy_prior);
  problem.anatomy_mm = forward.last->anatomy.vector();
  problem.walk_mm = std::max(1e-4, online_options.drift_mm_per_sqrt_s * std::sqrt(step_s));
  const std::vector<CaptureTime> times = place_frames(problem);
  const CaptureTime notice =
      std::chrono::duration_cast<CaptureTime>(std::chrono::duration<double>(notice_s));
  problem.eye_centers_in_cam_mm.clear();
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::array<Eigen::Vector3d, 2> candidates{forward.center_at(times[i]),
                                                    forward.center_at(times[i] + notice)};
    const bool later_is_better = misfit(problem, i, candidates[1]) < misfit(problem, i, candidates[0]);
    problem.eye_centers_in_cam_mm.push_back(candidates[later_is_better ? 1 : 0]);
  }
  start_turns(problem);
  problem.holds_anatomy = true;
  RefractionSolution solution = solve(problem, iterations_with_anatomy_held);
  problem.holds_anatomy = false;
  if (solution.is_usable && !stop.stop_requested()) {
    reject_misfits(problem);
    solution = solve(problem, options.max_iterations);
  }
  FitOutcome outcome;
  if (!solution.is_usable || stop.stop_requested() ||
      problem.frames.size() < static_cast<std::size_t>(options.min_frames)) {
    outcome.report.was_run = true;
    outcome.report.stage = FitStage::refraction;
    outcome.report.failure = solution.is_usable && !stop.stop_requested() ? FitFailure::too_few_frames
                                                                          : FitFailure::diverged;
  } else {
    outcome = refraction_outcome(problem, solution, intrinsics, forward.last->covariance_mm2);
    outcome.pupils = fitted_pupils(problem, pointers);
    outcome.report.frames_rejected = static_cast<int>(frames.size() - problem.frames.size());
    for (std::size_t i = 0; i < times.size(); ++i)
      outcome.model->placements.push_back({times[i], problem.eye_centers_in_cam_mm[i]});
    outcome.report.slips = forward.last->report.slips;
  }
  outcome.report.wall_time = std::chrono::steady_clock::now() - start;
  if (outcome.model) outcome.model->report = outcome.report;
  return outcome;
}

}  // namespace yarbus
