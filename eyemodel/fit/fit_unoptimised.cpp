#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>

#include "eyemodel/fit/fit_state.h"
#include "eyemodel/geometry/unproject_ellipse.h"

namespace yarbus {
namespace {

/// A pupil tilted less than this against its viewing ray tells nothing about where the eye's centre lies.
constexpr double informative_tilt_deg = 6.0;

/// Below this ratio of the extreme eigenvalues the pupils' normals are parallel in the image.
constexpr double min_direction_ratio = 2e-3;

constexpr int reweightings = 20;

/// One frame's candidates, and which of the two is taken.
struct Candidate {
  FitPupil* pupil = nullptr;
  std::array<Circle3, 2> circles;
  int chosen = 0;
  double weight = 0.0;  ///< 1 - aspect^2: a circle's normal has no direction in the image

  [[nodiscard]] const Circle3& circle() const { return circles[static_cast<std::size_t>(chosen)]; }
  [[nodiscard]] Eigen::Vector3d ray() const { return circle().center_in_cam_mm.normalized(); }
};

/// Cauchy's weight for a residual against a scale.
double robust_weight(double residual, double scale) {
  return 1.0 / (1.0 + (residual / scale) * (residual / scale));
}

/// Starting point in the image: where the lines through the pupils along their minor axes meet.
std::optional<Eigen::Vector2d> intersect_minor_axes(const std::vector<Candidate>& candidates,
                                                    FitFailure& failure) {
  constexpr double scale_px = 5.0;
  Eigen::Vector2d meeting = Eigen::Vector2d::Zero();
  for (int round = 0; round < reweightings; ++round) {
    Eigen::Matrix2d normal = Eigen::Matrix2d::Zero();
    Eigen::Vector2d right = Eigen::Vector2d::Zero();
    for (const Candidate& candidate : candidates) {
      const Ellipse& ellipse = candidate.pupil->frame->observation.ellipse;
      const Eigen::Vector2d across = ellipse.major_axis();  // the line runs along the minor axis
      const double offset = across.dot(ellipse.center_px);
      const double robust = round == 0 ? 1.0 : robust_weight(across.dot(meeting) - offset, scale_px);
      normal += candidate.weight * robust * across * across.transpose();
      right += candidate.weight * robust * offset * across;
    }
    Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> eigen(normal);
    if (!(eigen.eigenvalues()[0] > min_direction_ratio * eigen.eigenvalues()[1])) {
      failure = FitFailure::one_direction;
      return std::nullopt;
    }
    meeting = normal.ldlt().solve(right);
  }
  return meeting;
}

/// Takes, of each pair, the circle whose normal points away from the eye's centre in the image.
bool resolve_two_fold(std::vector<Candidate>& candidates, const Eigen::Vector3d& eye_dir) {
  bool changed = false;
  for (Candidate& candidate : candidates) {
    std::array<double, 2> outward{};
    for (std::size_t i = 0; i < 2; ++i) {
      const Circle3& circle = candidate.circles[i];
      // The part of the normal across the viewing ray, along the way from the eye's centre to the pupil.
      const Eigen::Vector3d ray = circle.center_in_cam_mm.normalized();
      const Eigen::Vector3d away = ray - eye_dir * (ray.dot(eye_dir));
      outward[i] = circle.normal_in_cam.dot(away);
    }
    const int chosen = outward[0] >= outward[1] ? 0 : 1;
    changed = changed || chosen != candidate.chosen;
    candidate.chosen = chosen;
  }
  return changed;
}

/// The direction that lies best in all planes spanned by a pupil's ray and its normal.
Eigen::Vector3d intersect_planes(const std::vector<Candidate>& candidates, Eigen::Vector3d eye_dir) {
  constexpr double scale_rad = 0.02;
  for (int round = 0; round < reweightings; ++round) {
    Eigen::Matrix3d normal = Eigen::Matrix3d::Zero();
    for (const Candidate& candidate : candidates) {
      const Eigen::Vector3d across = candidate.ray().cross(candidate.circle().normal_in_cam);
      const double length = across.norm();
      if (!(length > 0.0)) continue;
      const Eigen::Vector3d plane = across / length;
      normal += candidate.weight * robust_weight(plane.dot(eye_dir), scale_rad) * plane * plane.transpose();
    }
    Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> eigen(normal);
    eye_dir = eigen.eigenvectors().col(0);
    if (eye_dir.z() < 0.0) eye_dir = -eye_dir;
  }
  return eye_dir;
}

/// Eyeball radius in units of the eye's distance: the R that brings eye_dir + R normal onto the pupils' rays.
std::optional<double> relative_radius(const std::vector<Candidate>& candidates,
                                      const Eigen::Vector3d& eye_dir) {
  double radius = 0.3;
  for (int round = 0; round < reweightings; ++round) {
    double numerator = 0.0;
    double denominator = 0.0;
    for (const Candidate& candidate : candidates) {
      const Eigen::Vector3d ray = candidate.ray();
      const Eigen::Vector3d from_center = eye_dir.cross(ray);
      const Eigen::Vector3d from_normal = candidate.circle().normal_in_cam.cross(ray);
      constexpr double scale = 0.02;  // of the eye's distance
      const double weight =
          round == 0 ? 1.0 : robust_weight((from_center + radius * from_normal).norm(), scale);
      numerator -= weight * from_center.dot(from_normal);
      denominator += weight * from_normal.squaredNorm();
    }
    if (!(denominator > 0.0)) return std::nullopt;
    radius = numerator / denominator;
  }
  return radius > 0.0 && radius < 1.0 ? std::optional(radius) : std::nullopt;
}

}  // namespace

std::optional<FitFailure> fit_unoptimised(FitState& state, const FitOptions& options) {
  std::vector<Candidate> candidates;
  for (FitPupil& pupil : state.pupils) {
    if (!pupil.is_inlier) continue;
    const Ellipse& ellipse = pupil.frame->observation.ellipse;
    const auto circles = unproject_ellipse(ellipse, state.intrinsics, 1.0);
    if (!circles) {
      pupil.is_inlier = false;
      continue;
    }
    candidates.push_back({&pupil, *circles, 0, 1.0 - ellipse.aspect_ratio() * ellipse.aspect_ratio()});
  }
  if (candidates.size() < static_cast<std::size_t>(options.min_frames)) return FitFailure::too_few_frames;

  const double informative = std::sin(informative_tilt_deg * std::numbers::pi / 180.0);
  const auto tilted = std::count_if(candidates.begin(), candidates.end(),
                                    [&](const Candidate& c) { return c.weight > informative * informative; });
  if (tilted < options.min_frames / 2 + 1) return FitFailure::all_frontal;

  FitFailure failure = FitFailure::one_direction;
  const auto meeting = intersect_minor_axes(candidates, failure);
  if (!meeting) return failure;
  Eigen::Vector3d eye_dir((meeting->x() - state.intrinsics.cx_px) / state.intrinsics.fx_px,
                          (meeting->y() - state.intrinsics.cy_px) / state.intrinsics.fy_px, 1.0);
  eye_dir.normalize();
  resolve_two_fold(candidates, eye_dir);
  constexpr int max_rounds = 5;
  for (int round = 0; round < max_rounds; ++round) {
    eye_dir = intersect_planes(candidates, eye_dir);
    if (!resolve_two_fold(candidates, eye_dir)) break;
  }
  const auto radius = relative_radius(candidates, eye_dir);
  if (!radius) return FitFailure::ill_conditioned;
  state.eye_center_in_cam_mm = eye_dir * (state.eyeball_radius_mm / *radius);

  for (const Candidate& candidate : candidates) {
    FitPupil& pupil = *candidate.pupil;
    const auto tangent = tangent_pupil(pupil.frame->observation.ellipse, state.intrinsics,
                                       state.eye_center_in_cam_mm, state.eyeball_radius_mm);
    if (tangent) {
      pupil.pupil_in_cam = *tangent;
    } else {
      pupil.is_inlier = false;
    }
  }
  return std::nullopt;
}

}  // namespace yarbus
