#include "eyemodel/geometry/corneal_reflection.h"

#include <cmath>

#include <Eigen/Geometry>
#include <Eigen/LU>

namespace yarbus {
namespace {

constexpr double settled_rad = 1e-14;
constexpr int most_steps = 60;  // bisection alone would be done by then
/// Cosines against the normal below this are grazing: neither lit nor seen.
constexpr double least_cosine = 1e-3;

/// Angle of the reflecting point from the direction to the camera, towards the light, both seen from the
/// sphere's centre at `apart_rad` from one another. Equal angles are
/// a sin t / (a cos t - R) = b sin(g - t) / (b cos(g - t) - R): without fractions a function that is below
/// zero at 0, above it at g.
double reflecting_angle(double camera_mm, double light_mm, double radius_mm, double apart_rad) {
  double low = 0.0;
  double high = apart_rad;
  double angle = 0.5 * apart_rad;
  for (int step = 0; step < most_steps; ++step) {
    const double rest = apart_rad - angle;
    const double value = camera_mm * light_mm * std::sin(angle - rest) -
                         radius_mm * (camera_mm * std::sin(angle) - light_mm * std::sin(rest));
    const double slope = 2.0 * camera_mm * light_mm * std::cos(angle - rest) -
                         radius_mm * (camera_mm * std::cos(angle) + light_mm * std::cos(rest));
    (value > 0.0 ? high : low) = angle;
    double next = angle - value / slope;
    if (!(next >= low && next <= high)) next = 0.5 * (low + high);
    const bool is_settled = std::abs(next - angle) < settled_rad;
    angle = next;
    if (is_settled) break;
  }
  return angle;
}

}  // namespace

std::optional<CornealReflection> reflect_on_cornea(const Eigen::Vector3d& center, double radius_mm,
                                                   const Eigen::Vector3d& light) {
  const double camera_mm = center.norm();
  const Eigen::Vector3d from_center = light - center;
  const double light_mm = from_center.norm();
  if (!(radius_mm > 0.0 && camera_mm > radius_mm && light_mm > radius_mm)) return std::nullopt;
  const Eigen::Vector3d towards_camera = -center / camera_mm;
  const double along_mm = towards_camera.dot(from_center);
  const Eigen::Vector3d across = from_center - along_mm * towards_camera;
  const double across_mm = across.norm();
  const double apart_rad = std::atan2(across_mm, along_mm);
  const double angle = reflecting_angle(camera_mm, light_mm, radius_mm, apart_rad);

  CornealReflection reflection;
  Eigen::Vector3d& normal = reflection.normal_in_cam;
  normal = towards_camera;
  if (across_mm > 0.0) normal = std::cos(angle) * towards_camera + std::sin(angle) * (across / across_mm);
  const Eigen::Vector3d& point = reflection.point_in_cam_mm = center + radius_mm * normal;
  const double to_camera_mm = point.norm();
  const double to_light_mm = (light - point).norm();
  const Eigen::Vector3d out = -point / to_camera_mm;
  const Eigen::Vector3d in = (light - point) / to_light_mm;
  // On the lit and visible side only; the equation has solutions behind the horizon too.
  if (!(out.dot(normal) > least_cosine && in.dot(normal) > least_cosine)) return std::nullopt;

  // out + in = length * normal there. With T the tangents of the sphere, M = -d(out + in) / d point and
  // point = center + radius * normal: T^T M (d center + normal d radius + radius T e) + length e = 0
  // for the normal's turn T e.
  const Eigen::Matrix3d one = Eigen::Matrix3d::Identity();
  const Eigen::Matrix3d turns =
      (one - out * out.transpose()) / to_camera_mm + (one - in * in.transpose()) / to_light_mm;
  Eigen::Matrix<double, 3, 2> tangents;
  tangents.col(0) = normal.unitOrthogonal();
  tangents.col(1) = normal.cross(tangents.col(0));
  const Eigen::Matrix<double, 2, 3> pulled = tangents.transpose() * turns;
  Eigen::Matrix2d own = radius_mm * pulled * tangents;
  own.diagonal().array() += (out + in).dot(normal);
  reflection.by_cornea_center = one - radius_mm * tangents * own.inverse() * pulled;
  reflection.by_cornea_radius = reflection.by_cornea_center * normal;
  return reflection;
}

}  // namespace yarbus
