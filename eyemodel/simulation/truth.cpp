#include "eyemodel/simulation/truth.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Dense>

#include "eyemodel/simulation/corneal_optics.h"
#include "eyemodel/simulation/look_at.h"
#include "eyemodel/types/check.h"

namespace yarbus::simulation {
namespace {

constexpr int outline_points = 96;

std::vector<Eigen::Vector2d> project_limbus(const Scene& scene) {
  const Eigen::Matrix3d cam_from_eye = scene.cam_from_eye();
  std::vector<Eigen::Vector2d> points;
  points.reserve(outline_points);
  for (int i = 0; i < outline_points; ++i) {
    const double t = 2.0 * std::numbers::pi * i / outline_points;
    const Eigen::Vector3d on_limbus(scene.eye.limbus_radius_mm * std::cos(t),
                                    scene.eye.limbus_radius_mm * std::sin(t), scene.eye.limbus_plane_mm());
    points.push_back(scene.camera.project(cam_from_eye * on_limbus + scene.eye_center_in_cam_mm));
  }
  return points;
}

}  // namespace

std::vector<Eigen::Vector2d> trace_pupil_outline(const Scene& scene, int count) {
  YARBUS_CHECK_OP(count, >, 0);
  const Eigen::Matrix3d cam_from_eye = scene.cam_from_eye();
  const Eigen::Vector3d camera_in_eye = -cam_from_eye.transpose() * scene.eye_center_in_cam_mm;
  std::vector<Eigen::Vector2d> points;
  points.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const double t = 2.0 * std::numbers::pi * i / count;
    const Eigen::Vector3d on_pupil(scene.pupil_radius_mm * std::cos(t), scene.pupil_radius_mm * std::sin(t),
                                   scene.eye.pupil_plane_mm);
    const Eigen::Vector3d crossing = find_corneal_crossing(on_pupil, camera_in_eye, scene.eye);
    points.push_back(scene.camera.project(cam_from_eye * crossing + scene.eye_center_in_cam_mm));
  }
  return points;
}

std::optional<FittedEllipse> fit_ellipse_to_outline(std::span<const Eigen::Vector2d> points) {
  constexpr std::size_t least = 6;
  if (points.size() < least) return std::nullopt;
  Eigen::Vector2d mean = Eigen::Vector2d::Zero();
  for (const auto& point : points) mean += point;
  mean /= static_cast<double>(points.size());
  double scale = 0.0;
  for (const auto& point : points) scale = std::max(scale, (point - mean).norm());
  if (!(scale > 0.0)) return std::nullopt;

  // Scatter of the quadratic and the linear monomials; the linear ones are eliminated.
  Eigen::Matrix3d quadratic = Eigen::Matrix3d::Zero();
  Eigen::Matrix3d mixed = Eigen::Matrix3d::Zero();
  Eigen::Matrix3d linear = Eigen::Matrix3d::Zero();
  for (const auto& point : points) {
    const Eigen::Vector2d p = (point - mean) / scale;
    const Eigen::Vector3d d1(p.x() * p.x(), p.x() * p.y(), p.y() * p.y());
    const Eigen::Vector3d d2(p.x(), p.y(), 1.0);
    quadratic += d1 * d1.transpose();
    mixed += d1 * d2.transpose();
    linear += d2 * d2.transpose();
  }
  const Eigen::FullPivLU<Eigen::Matrix3d> solver(linear);
  if (!solver.isInvertible()) return std::nullopt;
  const Eigen::Matrix3d eliminate = -solver.solve(mixed.transpose());
  const Eigen::Matrix3d reduced = quadratic + mixed * eliminate;
  Eigen::Matrix3d constrained;  // the inverse of 4ac - b^2 = 1's matrix, applied
  constrained.row(0) = reduced.row(2) / 2.0;
  constrained.row(1) = -reduced.row(1);
  constrained.row(2) = reduced.row(0) / 2.0;
  const Eigen::EigenSolver<Eigen::Matrix3d> eigen(constrained);
  for (int i = 0; i < 3; ++i) {
    const Eigen::Vector3d q = eigen.eigenvectors().col(i).real();
    if (4.0 * q[0] * q[2] - q[1] * q[1] <= 0.0) continue;
    const Eigen::Vector3d l = eliminate * q;
    const double sign = q[0] < 0.0 ? -1.0 : 1.0;
    Eigen::Matrix2d shape;
    shape << q[0], q[1] / 2.0, q[1] / 2.0, q[2];
    shape *= sign;
    const Eigen::Vector2d slope = sign * l.head<2>();
    const Eigen::Vector2d center = -0.5 * shape.inverse() * slope;
    const double level = center.dot(shape * center) - sign * l[2];
    if (!(level > 0.0)) continue;
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> axes(shape);
    FittedEllipse fitted;
    fitted.ellipse.center_px = mean + scale * center;
    fitted.ellipse.semi_major_px = scale * std::sqrt(level / axes.eigenvalues()[0]);
    fitted.ellipse.semi_minor_px = scale * std::sqrt(level / axes.eigenvalues()[1]);
    const Eigen::Vector2d major = axes.eigenvectors().col(0);
    double angle = std::atan2(major.y(), major.x());
    if (angle < 0.0) angle += std::numbers::pi;
    if (angle >= std::numbers::pi) angle -= std::numbers::pi;
    fitted.ellipse.angle_rad = angle;
    if (!fitted.ellipse.is_valid()) return std::nullopt;
    for (const auto& point : points) {
      const Eigen::Vector2d p = (point - mean) / scale - center;
      const double value = p.dot(shape * p) - level;
      const double gradient = 2.0 * (shape * p).norm();
      fitted.max_residual_px = std::max(fitted.max_residual_px, scale * std::abs(value) / gradient);
    }
    return fitted;
  }
  return std::nullopt;
}

SimulatedTruth placement_of(const Scene& scene) {
  const Eigen::Matrix3d cam_from_eye = scene.cam_from_eye();
  SimulatedTruth truth;
  truth.intrinsics = scene.camera;
  truth.eye_center_in_cam_mm = scene.eye_center_in_cam_mm;
  truth.eyeball_radius_mm = scene.eye.eyeball_radius_mm;
  truth.optical_axis_in_cam = cam_from_eye.col(2);
  truth.visual_axis_in_cam = cam_from_eye * visual_axis_in_eye(scene.eye);
  truth.pupil_in_cam.center_in_cam_mm =
      scene.eye_center_in_cam_mm + scene.eye.pupil_plane_mm * truth.optical_axis_in_cam;
  truth.pupil_in_cam.normal_in_cam = truth.optical_axis_in_cam;
  truth.pupil_in_cam.radius_mm = scene.pupil_radius_mm;
  truth.closure = scene.lids.closure;
  return truth;
}

SimulatedTruth truth_of(const Scene& scene) {
  SimulatedTruth truth = placement_of(scene);
  const auto pupil = fit_ellipse_to_outline(trace_pupil_outline(scene, outline_points));
  YARBUS_CHECK(pupil.has_value());
  truth.pupil_ellipse = pupil->ellipse;
  truth.pupil_ellipse_residual_px = pupil->max_residual_px;
  const auto limbus = fit_ellipse_to_outline(project_limbus(scene));
  YARBUS_CHECK(limbus.has_value());
  truth.limbus_ellipse = limbus->ellipse;
  return truth;
}

}  // namespace yarbus::simulation
