#include "calibration/procedure/axis_step.h"

#include <cmath>
#include <vector>

#include <Eigen/Dense>

#include "calibration/procedure/expected_turn.h"
#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr std::size_t fewest_points = 6;
constexpr std::size_t fewest_on_a_side = 2;
constexpr double significant_errors = 4.0;
constexpr int step_parameters = 4;  // in each direction: affine and the step

}  // namespace

std::optional<AxisStep> find_axis_step(std::span<const PointResult* const> shown, EyeSide side,
                                       const ScreenGeometry& screen, double least_deg) {
  const std::size_t count = shown.size();
  if (count < fewest_points) return std::nullopt;
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (const PointResult* point : shown) sum += point->eye(side).mean_axis_in_cam;
  if (!(sum.norm() > 1e-6)) return std::nullopt;
  const TangentPlane plane(sum);
  const auto rows = static_cast<Eigen::Index>(count);
  Eigen::MatrixXd design(rows, step_parameters);
  Eigen::MatrixX2d axes(rows, 2);
  for (std::size_t i = 0; i < count; ++i) {
    const EyePointResult& eye = shown[i]->eye(side);
    const auto row = static_cast<Eigen::Index>(i);
    design.row(row).head<3>() = expected_tangents(screen, eye.mean_target_in_screen_mm).homogeneous();
    axes.row(row) = plane.project(eye.mean_axis_in_cam);
  }
  if (!axes.allFinite()) return std::nullopt;
  std::optional<AxisStep> best;
  double least_squares = 0.0;
  double error_deg = 0.0;
  for (std::size_t split = fewest_on_a_side; split + fewest_on_a_side <= count; ++split) {
    for (Eigen::Index i = 0; i < rows; ++i) design(i, 3) = i < static_cast<Eigen::Index>(split) ? 0.0 : 1.0;
    const Eigen::Matrix4d normal = design.transpose() * design;
    const Eigen::FullPivLU<Eigen::Matrix4d> solver(normal);
    if (!solver.isInvertible()) continue;  // the step cannot be told from the targets' own way
    const Eigen::Matrix4d inverse = solver.inverse();
    const Eigen::Matrix<double, step_parameters, 2> fitted = inverse * design.transpose() * axes;
    const double squares = (axes - design * fitted).squaredNorm();
    if (best && squares >= least_squares) continue;
    least_squares = squares;
    const double variance = squares / (2.0 * static_cast<double>(rows - step_parameters));
    error_deg = degrees_of(std::sqrt(2.0 * variance * inverse(3, 3)));
    best = AxisStep{split, degrees_of(fitted.row(3).norm()),
                    degrees_of(std::sqrt(squares / static_cast<double>(rows)))};
  }
  if (!best || !(best->step_deg > least_deg) || best->step_deg < significant_errors * error_deg ||
      best->rest_deg > 0.5 * least_deg)
    return std::nullopt;
  return best;
}

}  // namespace yarbus
