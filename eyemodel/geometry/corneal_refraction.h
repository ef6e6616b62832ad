#pragma once

#include <optional>

#include <Eigen/Core>

namespace yarbus {

/// A cornea before a pupil, placed in front of a camera. Frames & units: cam, mm.
struct RefractingEye {
  Eigen::Vector3d eye_center_in_cam_mm = Eigen::Vector3d::Zero();   ///< rotation centre
  Eigen::Vector3d optical_axis_in_cam = -Eigen::Vector3d::UnitZ();  ///< unit, out of the eye
  double pupil_plane_mm = 10.0;                                     ///< rotation centre to the pupil's plane
  double cornea_center_mm = 5.45;  ///< rotation centre to the corneal sphere's centre
  double cornea_radius_mm = 7.8;
};

/// A camera ray's way through the cornea into the pupil's plane.
struct CornealPassage {
  Eigen::Vector3d entry_in_cam_mm;      ///< where the ray meets the cornea
  Eigen::Vector3d refracted_in_cam;     ///< its direction behind it, unit
  Eigen::Vector3d from_axis_in_cam_mm;  ///< from the optical axis to where it meets the pupil's plane

  // What the derivatives need.
  double entry_mm = 0.0;    ///< along the ray
  double root_mm = 0.0;     ///< half the chord that the ray cuts out of the corneal sphere
  double inside_mm = 0.0;   ///< from the entry to the pupil's plane
  double inside_cos = 0.0;  ///< cosine between the refracted ray and the corneal normal
};

/// Derivatives of one component of from_axis_in_cam_mm.
struct PassageGradient {
  Eigen::Vector3d by_eye_center = Eigen::Vector3d::Zero();
  Eigen::Vector3d by_optical_axis = Eigen::Vector3d::Zero();  ///< as a free vector: project on its tangents
  Eigen::Vector3d by_ray = Eigen::Vector3d::Zero();           ///< likewise
  double by_pupil_plane = 0.0;
  double by_cornea_center = 0.0;
  double by_cornea_radius = 0.0;
};

/// Follows the ray from the camera's centre along the unit vector `ray_in_cam` through the corneal sphere by
/// Snell's law (index aqueous_index) to the pupil's plane: closed form, exact.
/// Errors: nullopt if the ray misses the sphere, or comes to the plane from behind or along it.
/// Threads: concurrent-safe. Cost: about 20 ns, no heap.
std::optional<CornealPassage> pass_cornea(const RefractingEye& eye, const Eigen::Vector3d& ray_in_cam);

/// Derivatives of `direction`.dot(from_axis) for a unit vector in the pupil's plane that is held fixed;
/// with `direction` = from_axis / |from_axis| they are those of the distance from the axis.
/// Method: the chain rule from the end backwards. Cost: about 30 ns.
PassageGradient passage_gradient(const RefractingEye& eye, const Eigen::Vector3d& ray_in_cam,
                                 const CornealPassage& passage, const Eigen::Vector3d& direction_in_cam);

}  // namespace yarbus
