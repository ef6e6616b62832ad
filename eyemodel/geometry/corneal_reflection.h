#pragma once

#include <optional>

#include <Eigen/Core>

namespace yarbus {

/// A light's mirror image on a corneal sphere, seen by a camera at the origin. Frames & units: cam, mm.
struct CornealReflection {
  Eigen::Vector3d point_in_cam_mm;   ///< where on the sphere the light's ray is sent to the camera
  Eigen::Vector3d normal_in_cam;     ///< of the sphere there, unit, outwards
  Eigen::Matrix3d by_cornea_center;  ///< of the point
  Eigen::Vector3d by_cornea_radius;  ///< likewise
};

/// The first Purkinje image of a light: where incoming and outgoing ray make equal angles with the sphere's
/// normal, in one plane with it (law of reflection).
/// Method: Newton's, kept inside its bracket, in the angle within the plane of camera, light and sphere's
/// centre; derivatives by the implicit function theorem. Errors: nullopt if camera or light is not outside
/// the sphere, or both see no common point of it. Threads: concurrent-safe. Cost: under 1 us, no heap.
std::optional<CornealReflection> reflect_on_cornea(const Eigen::Vector3d& cornea_center_in_cam_mm,
                                                   double cornea_radius_mm,
                                                   const Eigen::Vector3d& light_in_cam_mm);

}  // namespace yarbus
