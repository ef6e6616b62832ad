#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include <Eigen/Cholesky>

#include "eyemodel/fit/contrast_cost.h"
#include "eyemodel/fit/fit_state.h"

namespace yarbus {
namespace {

/// A step that moves nothing by more than this is the last.
constexpr double settled_mm = 5e-4;
/// No step moves a pupil or the eye further than this: the contrast is a hill only near the edge.
constexpr double longest_step_mm = 0.5;
constexpr double first_damping = 1e-3;
constexpr double most_damping = 1e6;
/// A step that adds less than this share to the contrast is the last.
constexpr double least_gain = 1e-6;

using Matrix6 = Eigen::Matrix<double, 6, 6>;

/// The parameters of all frames: the eye's centre is shared, a, b and radius are each frame's own.
struct Placement {
  Eigen::Vector3d eye_center_in_cam_mm;
  std::vector<Eigen::Vector3d> own_mm;

  [[nodiscard]] PupilParameters of(std::size_t frame) const {
    PupilParameters parameters;
    parameters << eye_center_in_cam_mm, own_mm[frame];
    return parameters;
  }
};

/// Sum of all frames' negative contrasts; nullopt outside the domain.
std::optional<double> total_cost(std::span<const ContrastFrame> frames, const Placement& at) {
  double sum = 0.0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto value = contrast_cost(frames[i], at.of(i));
    if (!value) return std::nullopt;
    sum += value->value;
  }
  return sum;
}

/// The damped Newton step. The frames' own parameters are eliminated first (Schur complement).
Placement step_from(const Placement& at, const std::vector<QuadraticModel<6>>& models, double damping) {
  Eigen::Matrix3d reduced = Eigen::Matrix3d::Zero();
  Eigen::Vector3d right = Eigen::Vector3d::Zero();
  std::vector<Eigen::LDLT<Eigen::Matrix3d>> factors;
  factors.reserve(models.size());
  for (const QuadraticModel<6>& model : models) {
    Matrix6 curvature = model.curvature;
    curvature.diagonal() *= 1.0 + damping;
    const Eigen::Matrix3d cross = curvature.topRightCorner<3, 3>();
    factors.emplace_back(curvature.bottomRightCorner<3, 3>());
    reduced += curvature.topLeftCorner<3, 3>() - cross * factors.back().solve(cross.transpose());
    right -= model.gradient.head<3>() - cross * factors.back().solve(model.gradient.tail<3>());
  }
  const auto shortened = [](const Eigen::Vector3d& step) -> Eigen::Vector3d {
    const double length = step.norm();
    return length > longest_step_mm ? step * (longest_step_mm / length) : step;
  };
  Placement next = at;
  const Eigen::Vector3d center_step = shortened(reduced.ldlt().solve(right));
  next.eye_center_in_cam_mm += center_step;
  for (std::size_t i = 0; i < models.size(); ++i) {
    const Eigen::Vector3d own_right =
        -models[i].gradient.tail<3>() - models[i].curvature.bottomLeftCorner<3, 3>() * center_step;
    next.own_mm[i] += shortened(factors[i].solve(own_right));
  }
  return next;
}

double largest_move_mm(const Placement& a, const Placement& b) {
  double largest = (a.eye_center_in_cam_mm - b.eye_center_in_cam_mm).cwiseAbs().maxCoeff();
  for (std::size_t i = 0; i < a.own_mm.size(); ++i)
    largest = std::max(largest, (a.own_mm[i] - b.own_mm[i]).cwiseAbs().maxCoeff());
  return largest;
}

/// Newton's method with Levenberg and Marquardt's damping. Returns whether it settled; `lost` becomes the
/// number of a frame whose bands left its patch, and then the placement is as far as it came.
bool maximise(std::span<const ContrastFrame> frames, Placement& placement, int max_iterations,
              int& iterations, std::optional<std::size_t>& lost) {
  auto current = total_cost(frames, placement);
  if (!current) return false;
  double damping = first_damping;
  std::vector<QuadraticModel<6>> models;
  for (int iteration = 0; iteration < max_iterations; ++iteration) {
    ++iterations;
    models.clear();
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const auto cost = [&](const PupilParameters& at) { return contrast_cost(frames[i], at); };
      const auto model = quadratic_about<6>(cost, placement.of(i), contrast_difference_mm);
      if (!model) {
        lost = i;
        return false;
      }
      models.push_back(*model);
    }
    bool is_better = false;
    double gain = 0.0;
    while (!is_better && damping < most_damping) {
      const Placement next = step_from(placement, models, damping);
      const double moved = largest_move_mm(placement, next);
      const auto there = std::isfinite(moved) ? total_cost(frames, next) : std::nullopt;
      is_better = there && *there < *current;
      if (is_better) {
        gain = *current - *there;
        placement = next;
        current = there;
        damping = std::max(1e-9, damping * 0.1);
      } else {
        damping *= 10.0;
      }
      if (moved < settled_mm) return true;
    }
    // Nothing near is better, or not by anything that could be seen.
    if (!is_better || gain < least_gain * std::abs(*current)) return true;
  }
  return false;
}

}  // namespace

std::optional<FitFailure> fit_contrast(FitState& state, const FitOptions& options) {
  std::vector<FitPupil*> pupils;
  std::deque<ImagePatch> patches;  // stay where they are
  std::vector<ContrastFrame> frames;
  Placement placement{state.eye_center_in_cam_mm, {}};
  const BandSettings bands{options.contrast_band_px, options.glint_threshold_gray};
  for (FitPupil& pupil : state.pupils) {
    if (!pupil.is_inlier) continue;
    pupil.is_inlier = false;
    if (pupil.frame->patch == nullptr) continue;
    patches.push_back(*pupil.frame->patch);
    const auto frame =
        make_contrast_frame(pupil.pupil_in_cam, state.eye_center_in_cam_mm, state.eyeball_radius_mm,
                            state.intrinsics, pupil.frame->observation, bands, patches.back());
    if (!frame) continue;
    pupil.is_inlier = true;
    pupils.push_back(&pupil);
    frames.push_back(*frame);
    placement.own_mm.emplace_back(0.0, 0.0, pupil.pupil_in_cam.radius_mm);
  }
  if (frames.size() < static_cast<std::size_t>(options.min_frames)) return FitFailure::too_few_frames;

  while (true) {
    std::optional<std::size_t> lost;
    state.converged = maximise(frames, placement, options.max_iterations, state.iterations, lost);
    if (!lost) break;
    // One frame that cannot be followed is left out; the others go on from where they are.
    const auto at = static_cast<std::ptrdiff_t>(*lost);
    pupils[*lost]->is_inlier = false;
    pupils.erase(pupils.begin() + at);
    frames.erase(frames.begin() + at);
    placement.own_mm.erase(placement.own_mm.begin() + at);
    if (frames.size() < static_cast<std::size_t>(options.min_frames)) return FitFailure::too_few_frames;
  }
  state.eye_center_in_cam_mm = placement.eye_center_in_cam_mm;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Eigen::Vector3d& own = placement.own_mm[i];
    pupils[i]->pupil_in_cam = pupil_at(state.eye_center_in_cam_mm, state.eyeball_radius_mm, frames[i].chart,
                                       own.x(), own.y(), own.z());
  }
  return std::nullopt;
}

}  // namespace yarbus
