#include "eyemodel/fit/refraction_start.h"

#include <algorithm>
#include <cmath>

#include "eyemodel/fit/fit_state.h"
#include "eyemodel/geometry/unproject_ellipse.h"

namespace yarbus {
namespace {

/// The apparent pupil's centre turns about the eye's at this distance (pupil plane and the cornea's lift).
constexpr double apparent_arm_mm = 10.5;
constexpr double usual_pupil_radius_mm = 2.2;
constexpr double apparent_growth = 1.13;
/// Depths tried beside the closed form's own: without a cornea the fit underestimates angles by 15 to 20 %.
constexpr double nearer = 0.85;

/// How starts are compared.
constexpr std::size_t frames_per_start = 10;
constexpr int iterations_per_start = 15;
constexpr double cost_temperature = 3.0;
constexpr double same_minimum_mm = 0.5;

Eigen::Vector3d ray_through(const Eigen::Vector2d& pixel, const CameraIntrinsics& intrinsics) {
  return Eigen::Vector3d((pixel.x() - intrinsics.cx_px) / intrinsics.fx_px,
                         (pixel.y() - intrinsics.cy_px) / intrinsics.fy_px, 1.0)
      .normalized();
}

/// How far away a pupil of usual size looks as large.
double usual_distance_mm(const Ellipse& ellipse, const CameraIntrinsics& intrinsics) {
  constexpr double nearest_mm = 12.0;
  constexpr double farthest_mm = 80.0;
  return std::clamp(usual_pupil_radius_mm * apparent_growth * intrinsics.fx_px / ellipse.semi_major_px,
                    nearest_mm, farthest_mm);
}

/// The minimum that a joint fit reaches from an eye centre; nullopt if not every frame can be seen from
/// there.
std::optional<EyeMinimum> descend(RefractionProblem problem, const Eigen::Vector3d& start_in_cam_mm) {
  const std::size_t count = problem.frames.size();
  problem.eye_centers_in_cam_mm.assign(problem.eye_centers_in_cam_mm.size(), start_in_cam_mm);
  if (start_turns(problem) < count) return std::nullopt;
  const RefractionSolution solution = solve(problem, iterations_per_start);
  if (!solution.is_usable) return std::nullopt;
  return EyeMinimum{problem.eye_centers_in_cam_mm.front(), solution.cost, 0.0};
}

/// Each minimum once, best first, with its weight.
std::vector<EyeMinimum> distinct(std::vector<EyeMinimum> reached) {
  std::stable_sort(reached.begin(), reached.end(),
                   [](const EyeMinimum& a, const EyeMinimum& b) { return a.cost < b.cost; });
  std::vector<EyeMinimum> minima;
  double sum = 0.0;
  for (const EyeMinimum& candidate : reached) {
    const bool is_known = std::any_of(minima.begin(), minima.end(), [&](const EyeMinimum& other) {
      return (other.eye_center_in_cam_mm - candidate.eye_center_in_cam_mm).norm() < same_minimum_mm;
    });
    if (is_known) continue;
    minima.push_back(candidate);
    minima.back().weight = std::exp((minima.front().cost - candidate.cost) / cost_temperature);
    sum += minima.back().weight;
  }
  for (EyeMinimum& minimum : minima) minimum.weight /= sum;
  return minima;
}

}  // namespace

std::vector<Eigen::Vector3d> starting_centers(std::span<const FitFrame> frames,
                                              const CameraIntrinsics& intrinsics) {
  std::vector<Eigen::Vector3d> centers;
  FitState state;
  state.intrinsics = intrinsics.pinhole();
  Eigen::Vector3d ray = Eigen::Vector3d::Zero();
  double distance_mm = 0.0;
  for (const FitFrame& frame : frames) {
    const Ellipse& ellipse = frame.observation.ellipse;
    if (!ellipse.is_valid()) continue;
    state.pupils.push_back({&frame, {}, {}, 0.0, true});
    ray += ray_through(ellipse.center_px, intrinsics);
    distance_mm += usual_distance_mm(ellipse, intrinsics);
  }
  if (state.pupils.empty()) return centers;
  distance_mm /= static_cast<double>(state.pupils.size());
  FitOptions options;
  options.min_frames = 4;
  if (!fit_unoptimised(state, options)) {
    const Eigen::Vector3d center = state.eye_center_in_cam_mm * (apparent_arm_mm / state.eyeball_radius_mm);
    for (const double depth : {1.0, nearer}) centers.push_back(depth * center);
  }
  // Behind either circle of the most tilted pupil.
  const FitPupil& tilted =
      *std::min_element(state.pupils.begin(), state.pupils.end(), [](const FitPupil& a, const FitPupil& b) {
        return a.frame->observation.ellipse.aspect_ratio() < b.frame->observation.ellipse.aspect_ratio();
      });
  if (const auto circles = unproject_ellipse(tilted.frame->observation.ellipse, state.intrinsics,
                                             usual_pupil_radius_mm * apparent_growth)) {
    for (const Circle3& circle : *circles)
      centers.push_back(circle.center_in_cam_mm - apparent_arm_mm * circle.normal_in_cam);
  }
  for (const double depth : {1.0, 1.4})
    centers.push_back((depth * distance_mm + apparent_arm_mm) * ray.normalized());
  return centers;
}

ShapePrior prior_from_first_frame(const Ellipse& ellipse, const CameraIntrinsics& intrinsics,
                                  const AnatomyPrior& anatomy) {
  ShapePrior prior = shape_prior(anatomy);
  if (!ellipse.is_valid()) return prior;
  // A pupil between 1 and 4 mm: its size tells the distance to a third. Looking about the camera within some
  // 20 degrees puts the centre within a third of its arm across the ray.
  constexpr double distance_share = 0.35;
  constexpr double across_mm = 4.5;
  const Eigen::Vector3d ray = ray_through(ellipse.center_px, intrinsics);
  const double distance_mm = usual_distance_mm(ellipse, intrinsics);
  prior.mean.head<3>() = (distance_mm + apparent_arm_mm) * ray;
  const double along_mm = distance_share * distance_mm;
  prior.information_per_mm2.topLeftCorner<3, 3>() =
      Eigen::Matrix3d::Identity() / (across_mm * across_mm) +
      ray * ray.transpose() * (1.0 / (along_mm * along_mm) - 1.0 / (across_mm * across_mm));
  return prior;
}

std::vector<RefractionFrame> compared_frames(const std::vector<RefractionFrame>& frames) {
  const std::size_t count = std::min(frames_per_start, frames.size());
  std::vector<RefractionFrame> some;
  for (std::size_t i = 0; i < count; ++i) some.push_back(frames[i * frames.size() / count]);
  return some;
}

std::vector<EyeMinimum> find_minima(const RefractionProblem& problem,
                                    std::span<const Eigen::Vector3d> starts) {
  RefractionProblem some = problem;
  some.frames = compared_frames(problem.frames);
  for (RefractionFrame& frame : some.frames) frame.evidence.glints.clear();
  some.holds_anatomy = true;
  std::vector<EyeMinimum> reached;
  for (const Eigen::Vector3d& start : starts) {
    if (const auto minimum = descend(some, start)) reached.push_back(*minimum);
  }
  return distinct(std::move(reached));
}

std::size_t start_turns(RefractionProblem& problem) {
  std::erase_if(problem.frames, [&](RefractionFrame& frame) {
    const auto turn = starting_turn(frame.ellipse, problem.shape(frame), problem.intrinsics, frame.chart);
    if (turn) frame.turn = *turn;
    return !turn.has_value();
  });
  return problem.frames.size();
}

}  // namespace yarbus
