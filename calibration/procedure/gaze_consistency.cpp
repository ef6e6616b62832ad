#include "calibration/procedure/gaze_consistency.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

#include "calibration/procedure/expected_turn.h"
#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

/// Three unknowns in each direction; a fourth point checks them.
constexpr std::size_t fewest_points = 4;
constexpr double singular_leverage = 0.999;

struct Place {
  std::size_t point = 0;
  Eigen::Vector3d target = Eigen::Vector3d::Zero();  ///< expected tangents and 1
  Eigen::Vector2d axis = Eigen::Vector2d::Zero();    ///< tangents
};

using Affine = Eigen::Matrix<double, 3, 2>;

std::optional<Affine> fit(const std::vector<Place>& places, std::vector<double>* deleted_deg) {
  Eigen::Matrix3d normal = Eigen::Matrix3d::Zero();
  Affine right = Affine::Zero();
  for (const Place& place : places) {
    normal += place.target * place.target.transpose();
    right += place.target * place.axis.transpose();
  }
  const Eigen::FullPivLU<Eigen::Matrix3d> solver(normal);
  if (!solver.isInvertible()) return std::nullopt;
  const Eigen::Matrix3d inverse = solver.inverse();
  const Affine affine = inverse * right;
  if (!affine.allFinite()) return std::nullopt;
  if (deleted_deg != nullptr) {
    deleted_deg->clear();
    for (const Place& place : places) {
      const double leverage = place.target.dot(inverse * place.target);
      const double residual = (place.axis - affine.transpose() * place.target).norm();
      // A point that alone fixes a direction cannot be checked.
      deleted_deg->push_back(leverage > singular_leverage ? 0.0 : degrees_of(residual / (1.0 - leverage)));
    }
  }
  return affine;
}

struct EyeFit {
  GazeConsistency result;
  double rms_deg = 0.0;
};

std::optional<EyeFit> fit_eye(std::span<const PointResult> points, EyeSide side, const ScreenGeometry& screen,
                              double elsewhere_deg) {
  Eigen::Vector3d axis_sum = Eigen::Vector3d::Zero();
  for (const auto& point : points) axis_sum += point.eye(side).mean_axis_in_cam;
  if (axis_sum.norm() < 1e-6) return std::nullopt;
  const TangentPlane plane(axis_sum);
  std::vector<Place> places;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const EyePointResult& eye = points[i].eye(side);
    if (!eye.has_data()) continue;
    const Eigen::Vector2d axis = plane.project(eye.mean_axis_in_cam);
    if (!axis.allFinite()) continue;
    places.push_back({i, expected_tangents(screen, eye.mean_target_in_screen_mm).homogeneous(), axis});
  }
  if (places.size() < fewest_points) return std::nullopt;

  Eigen::Vector3d target_mean = Eigen::Vector3d::Zero();
  Eigen::Vector2d axis_mean = Eigen::Vector2d::Zero();
  for (const Place& place : places) {
    target_mean += place.target / static_cast<double>(places.size());
    axis_mean += place.axis / static_cast<double>(places.size());
  }
  double target_square = 0.0;
  double axis_square = 0.0;
  for (const Place& place : places) {
    target_square += (place.target - target_mean).squaredNorm();
    axis_square += (place.axis - axis_mean).squaredNorm();
  }

  EyeFit eye;
  GazeConsistency& result = eye.result;
  result.eye = side;
  result.points = static_cast<int>(places.size());
  result.spread_share = std::sqrt(axis_square / std::max(target_square, 1e-12));
  result.off_deg.resize(points.size());

  std::vector<Place> kept = places;
  // Fewer could agree by chance.
  const std::size_t fewest_kept = std::max(fewest_points, (2 * places.size() + 2) / 3);
  std::vector<double> deleted_deg;
  auto affine = fit(kept, &deleted_deg);
  while (affine) {
    const auto worst = std::max_element(deleted_deg.begin(), deleted_deg.end());
    if (*worst <= elsewhere_deg || kept.size() <= fewest_kept) break;
    kept.erase(kept.begin() + (worst - deleted_deg.begin()));
    affine = fit(kept, &deleted_deg);
  }
  if (!affine) return std::nullopt;
  result.is_consistent = *std::max_element(deleted_deg.begin(), deleted_deg.end()) <= elsewhere_deg;
  const Eigen::JacobiSVD<Eigen::Matrix2d> stretch(affine->topRows<2>());
  result.largest_scale = stretch.singularValues()[0];
  result.least_scale = stretch.singularValues()[1];
  for (const Place& place : places) {
    const double off_deg = degrees_of((place.axis - affine->transpose() * place.target).norm());
    result.off_deg[place.point] = off_deg;
    eye.rms_deg += off_deg * off_deg / static_cast<double>(places.size());
  }
  eye.rms_deg = std::sqrt(eye.rms_deg);
  return eye;
}

}  // namespace

GazeConsistency find_consistency(std::span<const PointResult> points, const ScreenGeometry& screen,
                                 double elsewhere_deg) {
  std::optional<EyeFit> best;
  for (const EyeSide side : eye_sides) {
    auto eye = fit_eye(points, side, screen, elsewhere_deg);
    if (!eye) continue;
    if (!best || eye->result.points > best->result.points ||
        (eye->result.points == best->result.points && eye->rms_deg < best->rms_deg)) {
      best = std::move(eye);
    }
  }
  if (best) return best->result;
  GazeConsistency none;
  none.off_deg.resize(points.size());
  return none;
}

}  // namespace yarbus
