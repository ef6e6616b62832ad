#include "eyemodel/fit/refraction_contrast.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <vector>

#include <Eigen/Cholesky>

#include "eyemodel/fit/refracted_contrast.h"

namespace yarbus {
namespace {

constexpr int rounds = 2;
constexpr double first_damping = 1e-3;
constexpr double least_damping = 1e-9;
constexpr double most_damping = 1e8;
/// A step that promises less (half a squared sigma, all frames together) is the last.
constexpr double least_gain = 1e-3;
/// Where no step is better and the undamped one promises no more than this a frame, the image's pixels end
/// the way: it is as far as gradients lead.
constexpr double least_gain_a_frame = 1e-2;

/// One frame's data.
struct Follower {
  RefractedContrast contrast;
  RefractionEvidence beside;  ///< evidence other than the pupil's edges
};

using ShapeByTurn = Eigen::Matrix<double, 7, 3>;

/// A frame's model, its turn's block as it is solved with.
struct FrameModel {
  Eigen::Matrix<double, refraction_parameters, refraction_parameters> matrix;
  Eigen::Matrix<double, refraction_parameters, 1> right;
};

struct Place {
  EyeShape shape;
  std::vector<EyeTurn> turns;
};

struct Step {
  EyeShape shape;
  std::vector<EyeTurn> turns;
  double gain = 0.0;  ///< that the models promise
};

/// The descent of one round.
class Descent {
 public:
  Descent(RefractionProblem& problem, std::vector<Follower>& followers)
      : problem_(problem), followers_(followers) {
    place_.shape << problem.eye_centers_in_cam_mm.front(), problem.anatomy_mm;
    for (const RefractionFrame& frame : problem.frames) place_.turns.push_back(frame.turn);
  }

  /// Walks down. Sets `lost` to the number of a frame that cannot be followed, and is then as far as it came.
  RefractionSolution run(int max_iterations, std::optional<std::size_t>& lost, double& first_cost,
                         const std::stop_token& stop) {
    RefractionSolution solution;
    solution.is_usable = true;
    auto cost = cost_at(place_, lost);
    if (!cost) return solution;
    first_cost = *cost;
    solution.cost = *cost;
    double damping = first_damping;
    while (solution.iterations < max_iterations && !stop.stop_requested()) {
      ++solution.iterations;
      if (!make_models(lost)) break;
      const bool is_at_rest = step_from(0.0).gain < least_gain;
      bool is_better = false;
      while (!is_at_rest && !is_better && damping < most_damping) {
        const Step step = step_from(damping);
        lost.reset();
        const auto there = step.shape.allFinite() ? cost_at(moved(step), lost) : std::nullopt;
        is_better = there && *there < solution.cost;
        if (is_better) {
          place_ = moved(step);
          solution.cost = *there;
        }
        damping = is_better ? std::max(least_damping, 0.1 * damping) : 10.0 * damping;
      }
      if (is_better) continue;
      if (lost) break;
      solution.has_converged =
          is_at_rest ||
          step_from(0.0).gain < least_gain_a_frame * static_cast<double>(problem_.frames.size());
      break;
    }
    write_back();
    return solution;
  }

 private:
  [[nodiscard]] RefractedFrame view_of(std::size_t i, const Place& at) const {
    return {at.shape, problem_.frames[i].chart, at.turns[i], problem_.intrinsics};
  }

  [[nodiscard]] Place moved(const Step& step) const {
    Place next = place_;
    next.shape += step.shape;
    for (std::size_t i = 0; i < next.turns.size(); ++i) next.turns[i] += step.turns[i];
    return next;
  }

  /// nullopt outside the domain; `lost`: the frame whose doing that is.
  std::optional<double> cost_at(const Place& at, std::optional<std::size_t>& lost) const {
    if (!is_possible(at.shape)) return std::nullopt;
    const EyeShape off = at.shape - problem_.prior.mean;
    double sum = 0.5 * off.dot(problem_.prior.information_per_mm2 * off);
    for (std::size_t i = 0; i < followers_.size(); ++i) {
      const bool is_seen = at.turns[i].allFinite() && at.turns[i][2] > 0.0;
      const auto cost =
          is_seen ? refracted_contrast_cost(followers_[i].contrast, view_of(i, at)) : std::nullopt;
      if (!cost) {
        lost = i;
        return std::nullopt;
      }
      sum += *cost + refraction_cost(followers_[i].beside, view_of(i, at));
    }
    return sum;
  }

  bool make_models(std::optional<std::size_t>& lost) {
    models_.clear();
    for (std::size_t i = 0; i < followers_.size(); ++i) {
      const RefractedFrame view = view_of(i, place_);
      const auto model = refracted_contrast_model(followers_[i].contrast, view);
      if (!model) {
        lost = i;
        return false;
      }
      const RefractionEquations beside = refraction_equations(followers_[i].beside, view);
      models_.push_back({model->matrix + beside.matrix, model->right + beside.right});
    }
    return true;
  }

  /// The step of the models' sum under a damping relative to each parameter's own curvature.
  [[nodiscard]] Step step_from(double damping) const {
    ModelCovariance reduced = problem_.prior.information_per_mm2;
    reduced.diagonal() *= 1.0 + damping;
    const EyeShape prior_right = problem_.prior.information_per_mm2 * (problem_.prior.mean - place_.shape);
    EyeShape right = prior_right;
    std::vector<Eigen::LDLT<Eigen::Matrix3d>> factors;
    factors.reserve(models_.size());
    for (const FrameModel& model : models_) {
      auto matrix = model.matrix;
      matrix.diagonal() *= 1.0 + damping;
      matrix.diagonal().tail<3>().array() += 1e-9;
      const ShapeByTurn cross = matrix.topRightCorner<7, 3>();
      factors.emplace_back(matrix.bottomRightCorner<3, 3>());
      reduced += matrix.topLeftCorner<7, 7>() - cross * factors.back().solve(cross.transpose());
      right += model.right.head<7>() - cross * factors.back().solve(model.right.tail<3>());
    }
    Step step;
    step.shape = reduced.ldlt().solve(right);
    double gain = step.shape.dot(prior_right);
    for (std::size_t i = 0; i < models_.size(); ++i) {
      const ShapeByTurn cross = models_[i].matrix.topRightCorner<7, 3>();
      step.turns.emplace_back(factors[i].solve(models_[i].right.tail<3>() - cross.transpose() * step.shape));
      gain += models_[i].right.head<7>().dot(step.shape) + models_[i].right.tail<3>().dot(step.turns.back());
    }
    step.gain = 0.5 * gain;  // at the models' minimum half of what the slope promises is left
    return step;
  }

  void write_back() {
    problem_.eye_centers_in_cam_mm.front() = place_.shape.head<3>();
    problem_.anatomy_mm = place_.shape.tail<4>();
    for (std::size_t i = 0; i < problem_.frames.size(); ++i) {
      RefractionFrame& frame = problem_.frames[i];
      const EyeTurn& turn = place_.turns[i];
      frame.chart = PupilChart::about(frame.chart.gaze_at(turn[0], turn[1], 1.0));
      frame.turn = {0.0, 0.0, turn[2]};
    }
  }

  RefractionProblem& problem_;
  std::vector<Follower>& followers_;
  Place place_;
  std::vector<FrameModel> models_;
};

RefractedFrame view_of(const RefractionProblem& problem, const RefractionFrame& frame) {
  return RefractedFrame(problem.shape(frame), frame.chart, frame.turn, problem.intrinsics);
}

/// Finds what each frame's contrast is worth about its outline, and leaves out frames where that is nothing.
std::vector<Follower> follow(RefractionProblem& problem, std::span<const FitFrame* const> frames,
                             const BandSettings& settings, std::deque<ImagePatch>& patches) {
  std::vector<Follower> followers;
  patches.clear();
  std::erase_if(problem.frames, [&](const RefractionFrame& frame) {
    const FitFrame& seen = *frames[frame.index];
    if (seen.patch == nullptr) return true;
    patches.push_back(*seen.patch);
    const auto contrast =
        make_refracted_contrast(view_of(problem, frame), seen.observation, settings, patches.back());
    if (!contrast) return true;
    followers.push_back({*contrast, frame.evidence});
    followers.back().beside.pupil = {};
    return false;
  });
  return followers;
}

double edge_rms_px(const RefractionProblem& problem) {
  double squares_px2 = 0.0;
  double weights = 0.0;
  for (const RefractionFrame& frame : problem.frames) {
    const RefractionEquations equations = refraction_equations(frame.evidence, view_of(problem, frame));
    squares_px2 += equations.squares_px2;
    weights += equations.weights;
  }
  return std::sqrt(squares_px2 / std::max(1.0, weights));
}

}  // namespace

ContrastFit fit_to_contrast(RefractionProblem& problem, std::span<const FitFrame* const> frames,
                            const FitOptions& options, const std::stop_token& stop) {
  YARBUS_CHECK_OP(problem.eye_centers_in_cam_mm.size(), ==, std::size_t{1});
  ContrastFit fit;
  const std::size_t given = problem.frames.size();
  const BandSettings settings{options.contrast_band_px, options.glint_threshold_gray};
  std::deque<ImagePatch> patches;  // stay where they are
  std::vector<Follower> followers;
  const auto has_enough = [&] {
    return problem.frames.size() >= static_cast<std::size_t>(options.min_frames);
  };
  int iterations = 0;
  for (int round = 0; round < rounds && !stop.stop_requested(); ++round) {
    followers = follow(problem, frames, settings, patches);
    std::optional<std::size_t> lost;
    do {
      if (!has_enough()) {
        fit.solution.is_usable = false;
        return fit;
      }
      lost.reset();
      fit.solution = Descent(problem, followers).run(options.max_iterations, lost, fit.first_cost, stop);
      iterations += fit.solution.iterations;
      if (!lost) break;
      const auto at = static_cast<std::ptrdiff_t>(*lost);
      problem.frames.erase(problem.frames.begin() + at);
      followers.erase(followers.begin() + at);
    } while (true);
  }
  fit.solution.iterations = iterations;
  fit.rms_px = edge_rms_px(problem);
  std::size_t i = 0;
  std::erase_if(problem.frames, [&](RefractionFrame& frame) {
    const auto equivalent = equivalent_observation(followers[i++].contrast, view_of(problem, frame));
    if (!equivalent) return true;
    RefractionEvidence evidence = RefractionEvidence::from(*equivalent);
    evidence.limbus = frame.evidence.limbus;
    evidence.glints = frame.evidence.glints;
    evidence.glint_scale = frame.evidence.glint_scale;
    frame.evidence = evidence;
    return false;
  });
  fit.solution.is_usable = fit.solution.is_usable && has_enough();
  fit.frames_without_hill = static_cast<int>(given - problem.frames.size());
  return fit;
}

}  // namespace yarbus
