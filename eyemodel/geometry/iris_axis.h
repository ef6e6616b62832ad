#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include <Eigen/Core>

namespace yarbus {

/// Rotation centre to the limbus' plane, mm: 5.45 + sqrt(7.8^2 - 5.85^2) of the population's cornea.
constexpr double limbus_plane_mm = 10.6;

/// The optical axis of an eye of known place from the direction in which the middle of its limbus is seen:
/// the middle lies on a sphere about the rotation centre. A line of sight that passes the sphere by less than
/// half a millimetre is taken to touch it. Frames & units: cam, mm; the direction is a unit vector, and so is
/// the result. Errors: nullopt if the iris cannot be there. No heap.
inline std::optional<Eigen::Vector3d> optical_axis_through_iris(const Eigen::Vector3d& eye_center_in_cam_mm,
                                                                const Eigen::Vector3d& iris_dir_in_cam,
                                                                double plane_mm = limbus_plane_mm) {
  const double along_mm = eye_center_in_cam_mm.dot(iris_dir_in_cam);
  const Eigen::Vector3d across_mm = along_mm * iris_dir_in_cam - eye_center_in_cam_mm;
  const double past_mm = across_mm.norm();
  if (!(along_mm > plane_mm) || !(past_mm < plane_mm + 0.5)) return std::nullopt;
  const double half_chord_mm = std::sqrt(std::max(0.0, plane_mm * plane_mm - past_mm * past_mm));
  return (across_mm - half_chord_mm * iris_dir_in_cam).normalized();
}

}  // namespace yarbus
