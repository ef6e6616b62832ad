#include "eyemodel/geometry/corneal_refraction.h"

#include <cmath>

#include "eyemodel/types/optical_anatomy.h"

namespace yarbus {
namespace {

constexpr double ratio = 1.0 / aqueous_index;

/// Rays closer to the pupil's plane than this (cosine against the optical axis) tell nothing.
constexpr double min_axial_cosine = 1e-3;

}  // namespace

std::optional<CornealPassage> pass_cornea(const RefractingEye& eye, const Eigen::Vector3d& ray) {
  const Eigen::Vector3d& axis = eye.optical_axis_in_cam;
  const Eigen::Vector3d cornea = eye.eye_center_in_cam_mm + eye.cornea_center_mm * axis;
  const double along = ray.dot(cornea);
  const double under_root =
      along * along - cornea.squaredNorm() + eye.cornea_radius_mm * eye.cornea_radius_mm;
  if (!(under_root > 0.0)) return std::nullopt;

  CornealPassage passage;
  passage.root_mm = std::sqrt(under_root);
  passage.entry_mm = along - passage.root_mm;
  if (!(passage.entry_mm > 0.0)) return std::nullopt;
  passage.entry_in_cam_mm = passage.entry_mm * ray;
  const Eigen::Vector3d normal = (passage.entry_in_cam_mm - cornea) / eye.cornea_radius_mm;
  const double cosine = passage.root_mm / eye.cornea_radius_mm;
  passage.inside_cos = std::sqrt(1.0 - ratio * ratio * (1.0 - cosine * cosine));
  passage.refracted_in_cam = ratio * ray + (ratio * cosine - passage.inside_cos) * normal;

  const double towards_plane = axis.dot(passage.refracted_in_cam);
  if (!(towards_plane < -min_axial_cosine)) return std::nullopt;
  const Eigen::Vector3d from_entry = eye.eye_center_in_cam_mm - passage.entry_in_cam_mm;
  passage.inside_mm = (axis.dot(from_entry) + eye.pupil_plane_mm) / towards_plane;
  if (!(passage.inside_mm > 0.0)) return std::nullopt;
  passage.from_axis_in_cam_mm =
      passage.inside_mm * passage.refracted_in_cam - from_entry - eye.pupil_plane_mm * axis;
  return passage;
}

PassageGradient passage_gradient(const RefractingEye& eye, const Eigen::Vector3d& ray,
                                 const CornealPassage& passage, const Eigen::Vector3d& direction) {
  const Eigen::Vector3d& axis = eye.optical_axis_in_cam;
  const Eigen::Vector3d& inside = passage.refracted_in_cam;
  const double radius = eye.cornea_radius_mm;
  const Eigen::Vector3d cornea = eye.eye_center_in_cam_mm + eye.cornea_center_mm * axis;
  const Eigen::Vector3d normal = (passage.entry_in_cam_mm - cornea) / radius;
  const double cosine = passage.root_mm / radius;

  PassageGradient by;
  // from_axis = entry + length * inside - center - plane * axis
  Eigen::Vector3d by_entry = direction;
  Eigen::Vector3d by_inside = passage.inside_mm * direction;
  by.by_eye_center = -direction;
  by.by_optical_axis = -eye.pupil_plane_mm * direction;
  by.by_pupil_plane = -direction.dot(axis);
  // length = (axis . (center - entry) + plane) / (axis . inside)
  const double by_length = direction.dot(inside);
  const double by_numerator = by_length / axis.dot(inside);
  const double by_denominator = -by_numerator * passage.inside_mm;
  by.by_eye_center += by_numerator * axis;
  by_entry -= by_numerator * axis;
  by.by_pupil_plane += by_numerator;
  by.by_optical_axis +=
      by_numerator * (eye.eye_center_in_cam_mm - passage.entry_in_cam_mm) + by_denominator * inside;
  by_inside += by_denominator * axis;
  // inside = ratio * ray + (ratio * cosine - inside_cos) * normal
  const double across = ratio * cosine - passage.inside_cos;
  by.by_ray = ratio * by_inside;
  const Eigen::Vector3d by_normal = across * by_inside;
  const double by_cosine = by_inside.dot(normal) * (ratio - ratio * ratio * cosine / passage.inside_cos);
  // normal = (entry - cornea) / radius; cosine = root / radius
  by_entry += by_normal / radius;
  Eigen::Vector3d by_cornea = -by_normal / radius;
  by.by_cornea_radius = -(by_normal.dot(normal) + by_cosine * cosine) / radius;
  double by_root = by_cosine / radius;
  // entry = (along - root) * ray
  const double by_along_and_root = by_entry.dot(ray);
  by.by_ray += passage.entry_mm * by_entry;
  by_root -= by_along_and_root;
  // root = sqrt(along^2 - |cornea|^2 + radius^2)
  const double by_under_root = 0.5 * by_root / passage.root_mm;
  const double along = passage.entry_mm + passage.root_mm;
  const double by_along = by_along_and_root + 2.0 * along * by_under_root;
  by_cornea -= 2.0 * by_under_root * cornea;
  by.by_cornea_radius += 2.0 * by_under_root * radius;
  // along = ray . cornea
  by.by_ray += by_along * cornea;
  by_cornea += by_along * ray;
  // cornea = center + distance * axis
  by.by_eye_center += by_cornea;
  by.by_cornea_center = by_cornea.dot(axis);
  by.by_optical_axis += eye.cornea_center_mm * by_cornea;
  return by;
}

}  // namespace yarbus
