#include "eyemodel/simulation/outline_tracer.h"

#include <cmath>
#include <numbers>

#include "eyemodel/simulation/corneal_optics.h"
#include "eyemodel/types/check.h"

namespace yarbus::simulation {

Eigen::Vector3d find_corneal_crossing_fast(const Eigen::Vector3d& inside_mm, const Eigen::Vector3d& viewer_mm,
                                           const EyeAnatomy& eye) {
  const Eigen::Vector3d center(0.0, 0.0, eye.cornea_center_mm);
  const double radius = eye.cornea_radius_mm;
  const Eigen::Vector3d viewer = viewer_mm - center;
  const Eigen::Vector3d point = inside_mm - center;
  const double viewer_far = viewer.norm();
  const double point_far = point.norm();
  YARBUS_CHECK_OP(viewer_far, >, radius);
  YARBUS_CHECK_OP(point_far, <, radius);
  // In the plane of both: angles at the corneal centre, 0 towards the viewer, `point_angle` over the point.
  const Eigen::Vector3d axis_1 = viewer / viewer_far;
  const double point_1 = point.dot(axis_1);
  const Eigen::Vector3d across = point - point_1 * axis_1;
  const double point_2 = across.norm();
  constexpr double on_axis_mm = 1e-12;
  if (point_2 < on_axis_mm) return center + radius * axis_1;
  const double point_angle = std::atan2(point_2, point_1);

  // Index times sine of the angle to the normal is the same outside and inside where Snell holds; the
  // difference falls with the angle. Both sines come from the law of sines.
  const double index = eye.refractive_index;
  double low = 0.0;
  double high = point_angle;
  const double pull_out = viewer_far / (viewer_far - radius);
  const double pull_in = index * point_far / (radius - point_far);
  double angle = point_angle * pull_in / (pull_out + pull_in);  // exact for small angles
  constexpr int most_steps = 60;
  constexpr double settled_rad = 1e-15;
  double c = 1.0;
  double s = 0.0;
  for (int i = 0; i < most_steps; ++i) {
    c = std::cos(angle);
    s = std::sin(angle);
    const double cos_in = (c * point_1 + s * point_2) / point_far;
    const double sin_in = (c * point_2 - s * point_1) / point_far;
    const double outside =
        std::sqrt(viewer_far * viewer_far + radius * radius - 2.0 * viewer_far * radius * c);
    const double inside =
        std::sqrt(point_far * point_far + radius * radius - 2.0 * point_far * radius * cos_in);
    const double value = index * point_far * sin_in / inside - viewer_far * s / outside;
    const double slope =
        -viewer_far / outside * (c - viewer_far * radius * s * s / (outside * outside)) -
        index * point_far / inside * (cos_in - point_far * radius * sin_in * sin_in / (inside * inside));
    (value > 0.0 ? low : high) = angle;
    double next = angle - value / slope;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    const double step = next - angle;
    angle = next;
    if (std::abs(step) < settled_rad) break;
  }
  c = std::cos(angle);
  s = std::sin(angle);
  return center + radius * (c * axis_1 + s / point_2 * across);
}

void trace_pupil_outline_fast(const Scene& scene, std::span<Eigen::Vector2d> points) {
  const Eigen::Matrix3d cam_from_eye = scene.cam_from_eye();
  const Eigen::Vector3d camera_in_eye = -cam_from_eye.transpose() * scene.eye_center_in_cam_mm;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double t = 2.0 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(points.size());
    const Eigen::Vector3d on_pupil(scene.pupil_radius_mm * std::cos(t), scene.pupil_radius_mm * std::sin(t),
                                   scene.eye.pupil_plane_mm);
    const Eigen::Vector3d crossing = find_corneal_crossing_fast(on_pupil, camera_in_eye, scene.eye);
    points[i] = scene.camera.project(cam_from_eye * crossing + scene.eye_center_in_cam_mm);
  }
}

LimbusPoint project_limbus_point(const Scene& scene, double t) {
  const Eigen::Matrix3d cam_from_eye = scene.cam_from_eye();
  const EyeAnatomy& eye = scene.eye;
  const Eigen::Vector3d on_limbus(eye.limbus_radius_mm * std::cos(t), eye.limbus_radius_mm * std::sin(t),
                                  eye.limbus_plane_mm());
  const Eigen::Vector3d camera_in_eye = -cam_from_eye.transpose() * scene.eye_center_in_cam_mm;
  const Eigen::Vector3d way = on_limbus - camera_in_eye;
  const double distance_mm = way.norm();
  const Ray ray{camera_in_eye, way / distance_mm};
  const auto first = hit_sphere(ray, {0.0, 0.0, eye.cornea_center_mm}, eye.cornea_radius_mm);
  constexpr double touching_mm = 1e-6;
  return {scene.camera.project(cam_from_eye * on_limbus + scene.eye_center_in_cam_mm),
          !first || *first > distance_mm - touching_mm};
}

}  // namespace yarbus::simulation
