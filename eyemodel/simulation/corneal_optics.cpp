#include "eyemodel/simulation/corneal_optics.h"

#include <cmath>

#include "eyemodel/types/check.h"

namespace yarbus::simulation {

std::optional<double> hit_sphere(const Ray& ray, const Eigen::Vector3d& center, double radius_mm) {
  const Eigen::Vector3d to_center = center - ray.origin;
  const double along = to_center.dot(ray.direction);
  const double root = along * along - to_center.squaredNorm() + radius_mm * radius_mm;
  if (root < 0.0) return std::nullopt;
  const double near = along - std::sqrt(root);
  if (near <= 0.0) return std::nullopt;
  return near;
}

std::optional<Eigen::Vector3d> refract(const Eigen::Vector3d& direction, const Eigen::Vector3d& normal,
                                       double ratio) {
  const double cos_in = -normal.dot(direction);
  const double cos_out_squared = 1.0 - ratio * ratio * (1.0 - cos_in * cos_in);
  if (cos_out_squared < 0.0) return std::nullopt;
  return Eigen::Vector3d(ratio * direction + (ratio * cos_in - std::sqrt(cos_out_squared)) * normal);
}

std::optional<CorneaHit> trace_to_iris(const Ray& ray, const EyeAnatomy& eye) {
  const Eigen::Vector3d center(0.0, 0.0, eye.cornea_center_mm);
  const auto distance = hit_sphere(ray, center, eye.cornea_radius_mm);
  if (!distance) return std::nullopt;
  CorneaHit hit;
  hit.distance_mm = *distance;
  hit.entry_mm = ray.origin + *distance * ray.direction;
  if (hit.entry_mm.z() < eye.limbus_plane_mm()) return std::nullopt;
  const Eigen::Vector3d normal = (hit.entry_mm - center) / eye.cornea_radius_mm;
  const auto inside = refract(ray.direction, normal, 1.0 / eye.refractive_index);
  if (!inside || inside->z() >= 0.0) return std::nullopt;
  const double to_plane = (eye.pupil_plane_mm - hit.entry_mm.z()) / inside->z();
  hit.iris_mm = (hit.entry_mm + to_plane * *inside).head<2>();
  return hit;
}

Eigen::Vector3d find_corneal_crossing(const Eigen::Vector3d& inside_mm, const Eigen::Vector3d& viewer_mm,
                                      const EyeAnatomy& eye) {
  const Eigen::Vector3d center(0.0, 0.0, eye.cornea_center_mm);
  const double radius = eye.cornea_radius_mm;
  const Eigen::Vector3d viewer = viewer_mm - center;
  const Eigen::Vector3d point = inside_mm - center;
  YARBUS_CHECK_OP(viewer.norm(), >, radius);
  YARBUS_CHECK_OP(point.norm(), <, radius);
  // In the plane: axis 1 towards the viewer, axis 2 so that the point has a positive second coordinate.
  const Eigen::Vector3d axis_1 = viewer.normalized();
  const double point_1 = point.dot(axis_1);
  const Eigen::Vector3d across = point - point_1 * axis_1;
  const double point_2 = across.norm();
  constexpr double on_axis_mm = 1e-12;
  if (point_2 < on_axis_mm) return center + radius * axis_1;
  const Eigen::Vector3d axis_2 = across / point_2;
  const double viewer_1 = viewer.norm();
  // Tangential parts of the directions outside and inside, times their indices, are equal where Snell holds.
  const auto mismatch = [&](double phi) {
    const double c = std::cos(phi);
    const double s = std::sin(phi);
    const double out_1 = viewer_1 - radius * c;
    const double out_2 = -radius * s;
    const double in_1 = radius * c - point_1;
    const double in_2 = radius * s - point_2;
    const double outside = (c * out_2 - s * out_1) / std::hypot(out_1, out_2);
    const double inside = (c * in_2 - s * in_1) / std::hypot(in_1, in_2);
    return outside - eye.refractive_index * inside;
  };
  double low = 0.0;  // mismatch > 0 towards the viewer, < 0 over the point
  double high = std::atan2(point_2, point_1);
  constexpr int halvings = 54;  // to the last bit of a double
  for (int i = 0; i < halvings; ++i) {
    const double middle = 0.5 * (low + high);
    (mismatch(middle) > 0.0 ? low : high) = middle;
  }
  const double phi = 0.5 * (low + high);
  return center + radius * (std::cos(phi) * axis_1 + std::sin(phi) * axis_2);
}

}  // namespace yarbus::simulation
