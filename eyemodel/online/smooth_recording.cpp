#include "eyemodel/online/smooth_recording.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <span>
#include <tuple>
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
/// What a frame may cost a placement at most: one that nothing explains tells nothing of where the eye was.
constexpr double most_misfit = 100.0;
constexpr int iterations_with_anatomy_held = 30;

double seconds_of(CaptureTime time) { return std::chrono::duration<double>(time).count(); }

/// The online model's way over the recording.
struct ForwardPass {
  std::vector<EyePlacement> way;
  std::vector<EyePlacement> rests;  ///< where it took the eye to be at last before each slip, and at the end
  std::optional<EyeModel> last;
  ModelCovariance covariance_mm2 = ModelCovariance::Zero();  ///< the last that no suspected slip widens

  [[nodiscard]] Eigen::Vector3d center_at(CaptureTime at) const {
    const auto found = std::lower_bound(way.begin(), way.end(), at, is_before);
    return found == way.end() ? way.back().eye_center_in_cam_mm : found->eye_center_in_cam_mm;
  }
  static bool is_before(const EyePlacement& placement, CaptureTime at) { return placement.at < at; }
};

/// Where the eye may have been at one placement.
using Candidates = std::array<Eigen::Vector3d, 6>;

/// The forward pass's idea of then and of a little later, which knew less than was known before the next
/// slip; as slips are noticed late, what was known at the end of the rests before and after; and one place
/// for the whole recording, for the forward pass may have begun at a wrong one.
Candidates candidates_at(const ForwardPass& forward, CaptureTime at, CaptureTime notice,
                         const Eigen::Vector3d& at_rest_in_cam_mm) {
  const auto& rests = forward.rests;
  const auto found = std::lower_bound(rests.begin(), rests.end(), at, ForwardPass::is_before);
  const std::size_t rest = std::min(static_cast<std::size_t>(found - rests.begin()), rests.size() - 1);
  const auto rest_at = [&](std::size_t i) { return rests[i].eye_center_in_cam_mm; };
  return {rest_at(rest),
          rest_at(std::min(rest + 1, rests.size() - 1)),
          rest_at(rest > 0 ? rest - 1 : 0),
          forward.center_at(at),
          forward.center_at(at + notice),
          at_rest_in_cam_mm};
}

ForwardPass run_forward(std::span<const FitFrame> frames, const CameraIntrinsics& intrinsics,
                        const OnlineModelOptions& options, const KnownEye& known,
                        const std::stop_token& stop) {
  ForwardPass pass;
  OnlineEyeModel online(options, intrinsics);
  if (known.model) online.begin_with(*known.model, known.uses_place);
  std::size_t from = 0;
  for (std::size_t i = 0; i < frames.size() && !stop.stop_requested(); ++i) {
    const bool is_last = i + 1 == frames.size();
    if (!is_last && seconds_of(frames[i + 1].captured_at - frames[from].captured_at) < group_s) continue;
    const FitOutcome outcome = online.assimilate(frames.subspan(from, i + 1 - from));
    from = i + 1;
    if (!outcome.model) continue;
    if (pass.last && outcome.report.slips > pass.last->report.slips) pass.rests.push_back(pass.way.back());
    pass.way.push_back({frames[i].captured_at, outcome.model->eye_center_in_cam_mm});
    pass.last = outcome.model;
    if (!online.suspects_slip()) pass.covariance_mm2 = outcome.model->covariance_mm2;
  }
  if (!pass.way.empty()) pass.rests.push_back(pass.way.back());
  return pass;
}

/// How much more than the fit's own walk a jump costs while the way is chosen: a real pupil is not quite
/// round, and where the eye looks elsewhere that can look like a slip.
constexpr double slip_caution = 15.0;

/// How badly a frame fits an eye there.
double misfit(const RefractionProblem& problem, const RefractionFrame& frame,
              const Eigen::Vector3d& center_in_cam_mm) {
  EyeShape shape;
  shape << center_in_cam_mm, problem.anatomy_mm;
  if (!is_possible(shape)) return most_misfit;
  PupilChart chart;
  const auto turn = starting_turn(frame.ellipse, shape, problem.intrinsics, chart);
  const auto fit = turn ? fit_turn(frame.evidence, shape, chart, *turn, problem.intrinsics) : std::nullopt;
  return fit ? std::min(most_misfit, fit->equations.cost) : most_misfit;
}

/// The way through one candidate a placement that costs least, frames and steps together (Viterbi 1967).
std::vector<Eigen::Vector3d> cheapest_way(const RefractionProblem& problem,
                                          const std::vector<Candidates>& candidates) {
  constexpr std::size_t choices = std::tuple_size_v<Candidates>;
  using Costs = std::array<double, choices>;
  std::vector<Costs> own(candidates.size(), Costs{});
  for (const RefractionFrame& frame : problem.frames) {
    // A frame between two placements holds both: else a slip might as well come before as after it.
    for (std::size_t k = 0; k < choices; ++k) {
      own[frame.placement][k] +=
          (1.0 - frame.placement_share) * misfit(problem, frame, candidates[frame.placement][k]);
      if (!(frame.placement_share > 0.0)) continue;
      own[frame.placement + 1][k] +=
          frame.placement_share * misfit(problem, frame, candidates[frame.placement + 1][k]);
    }
  }
  std::vector<std::array<std::size_t, choices>> came_from(candidates.size());
  Costs costs = own.front();
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    Costs next{};
    for (std::size_t k = 0; k < choices; ++k) {
      next[k] = std::numeric_limits<double>::infinity();
      for (std::size_t from = 0; from < choices; ++from) {
        const double step_mm = (candidates[i][k] - candidates[i - 1][from]).norm();
        const double cost = costs[from] + own[i][k] + slip_caution * walk_cost(step_mm, problem.walk_mm);
        if (!(cost < next[k])) continue;
        next[k] = cost;
        came_from[i][k] = from;
      }
    }
    costs = next;
  }
  auto best = static_cast<std::size_t>(std::min_element(costs.begin(), costs.end()) - costs.begin());
  std::vector<Eigen::Vector3d> way(candidates.size());
  for (std::size_t i = candidates.size(); i-- > 0;) {
    way[i] = candidates[i][best];
    best = came_from[i][best];
  }
  return way;
}

/// How often the way goes further than drift does; neighbouring long steps are one jump.
int jumps_in(std::span<const Eigen::Vector3d> way_in_cam_mm, double least_mm) {
  int jumps = 0;
  bool is_jumping = false;
  for (std::size_t i = 1; i < way_in_cam_mm.size(); ++i) {
    const bool is_long = (way_in_cam_mm[i] - way_in_cam_mm[i - 1]).norm() > least_mm;
    jumps += is_long && !is_jumping ? 1 : 0;
    is_jumping = is_long;
  }
  return jumps;
}

/// Placements a step apart over the frames' times, each frame between two of them.
std::vector<CaptureTime> place_frames(RefractionProblem& problem) {
  const CaptureTime first = problem.frames.front().captured_at;
  const double duration_s = seconds_of(problem.frames.back().captured_at - first);
  const auto steps = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(duration_s / step_s)));
  const CaptureTime step = std::chrono::duration_cast<CaptureTime>(std::chrono::duration<double>(step_s));
  std::vector<CaptureTime> times;
  for (std::size_t i = 0; i <= steps; ++i) times.push_back(first + static_cast<std::int64_t>(i) * step);
  for (RefractionFrame& frame : problem.frames) {
    const double at = seconds_of(frame.captured_at - first) / step_s;
    frame.placement = std::min(steps - 1, static_cast<std::size_t>(at));
    frame.placement_share = at - static_cast<double>(frame.placement);
  }
  return times;
}

}  // namespace

FitOutcome smooth_recording(std::span<const FitFrame> frames, const CameraIntrinsics& intrinsics,
                            const FitOptions& options, const OnlineModelOptions& online_options,
                            const KnownEye& known, const std::stop_token& stop) {
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
  const bool is_long = !ordered.empty() && seconds_of(ordered.back().captured_at - ordered.front().captured_at) >
                                               shortest_recording_s;
  if (!(is_long || known.model) || ordered.size() < static_cast<std::size_t>(options.min_frames))
    return fit_eye_model(frames, intrinsics, options, stop);

  const ForwardPass forward = run_forward(ordered, intrinsics, online_options, known, stop);
  if (!forward.last || stop.stop_requested()) return fit_eye_model(frames, intrinsics, options, stop);

  std::vector<const FitFrame*> pointers;
  for (const FitFrame& frame : ordered) pointers.push_back(&frame);
  RefractionProblem problem = refraction_problem(pointers, intrinsics, options.anatomy_prior);
  if (known.model) {
    problem.prior =
        prior_from_known_eye(*known.model, known.uses_place, problem.prior,
                             ordered.front().observation.ellipse, problem.intrinsics, online_options.slip_mm);
  }
  problem.anatomy_mm = forward.last->anatomy.vector();
  problem.walk_mm = std::max(1e-4, online_options.drift_mm_per_sqrt_s * std::sqrt(step_s));
  const std::vector<CaptureTime> times = place_frames(problem);
  const CaptureTime notice = std::chrono::duration_cast<CaptureTime>(std::chrono::duration<double>(notice_s));
  const FitOutcome at_rest = fit_eye_model(ordered, intrinsics, options, stop);
  const Eigen::Vector3d rest_center_in_cam_mm =
      (at_rest.model ? *at_rest.model : *forward.last).eye_center_in_cam_mm;
  std::vector<Candidates> candidates;
  for (const CaptureTime at : times)
    candidates.push_back(candidates_at(forward, at, notice, rest_center_in_cam_mm));
  problem.eye_centers_in_cam_mm = cheapest_way(problem, candidates);
  start_turns(problem);
  problem.holds_anatomy = true;
  RefractionSolution solution = solve_with_glints(problem, iterations_with_anatomy_held);
  problem.holds_anatomy = false;
  if (solution.is_usable && !stop.stop_requested()) {
    reject_misfits(problem);
    solution = solve_with_glints(problem, options.max_iterations);
  }
  FitOutcome outcome;
  if (!solution.is_usable || stop.stop_requested() ||
      problem.frames.size() < static_cast<std::size_t>(options.min_frames)) {
    outcome.report.was_run = true;
    outcome.report.stage = FitStage::refraction;
    outcome.report.failure =
        solution.is_usable && !stop.stop_requested() ? FitFailure::too_few_frames : FitFailure::diverged;
  } else {
    outcome = refraction_outcome(problem, solution, intrinsics, forward.covariance_mm2);
    outcome.pupils = fitted_pupils(problem, pointers);
    outcome.report.frames_rejected = static_cast<int>(frames.size() - problem.frames.size());
    for (std::size_t i = 0; i < times.size(); ++i)
      outcome.model->placements.push_back({times[i], problem.eye_centers_in_cam_mm[i]});
    outcome.report.slips = jumps_in(problem.eye_centers_in_cam_mm, online_options.least_slip_mm);
  }
  outcome.report.wall_time = std::chrono::steady_clock::now() - start;
  if (outcome.model) outcome.model->report = outcome.report;
  return outcome;
}

}  // namespace yarbus
