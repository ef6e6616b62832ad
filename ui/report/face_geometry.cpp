#include "ui/report/face_geometry.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/report/sample_text.h"

namespace yarbus::ui {

std::optional<FaceEyeLine> eye_line(const FaceSight& face, EyeSide side) {
  constexpr double touching_mm = 0.5;
  const auto& eye = face.eye(side);
  if (!eye) return std::nullopt;
  const Eigen::Vector3d center_mm = face.head.cam_from_head.point(eye->eye_center_in_head_mm);
  const double along_mm = center_mm.dot(eye->iris_dir_in_cam);
  const Eigen::Vector3d past_mm = along_mm * eye->iris_dir_in_cam - center_mm;
  const double radius_mm = typical_limbus_plane_mm;
  if (!(along_mm > radius_mm) || !(past_mm.norm() < radius_mm + touching_mm)) return std::nullopt;
  const double half_chord_mm = std::sqrt(std::max(0.0, radius_mm * radius_mm - past_mm.squaredNorm()));
  return FaceEyeLine{center_mm, (past_mm - half_chord_mm * eye->iris_dir_in_cam).normalized()};
}

HeadTurn head_turn_of(const HeadPose& head) {
  const Eigen::Matrix3d& axes_in_cam = head.cam_from_head.rotation;
  const GazeAngles facing = gaze_angles_of(-axes_in_cam.col(2));
  // The head's own down, seen in the image.
  const double tilt_rad = std::atan2(-axes_in_cam(0, 1), axes_in_cam(1, 1));
  return {facing.azimuth_deg, facing.elevation_deg, tilt_rad * 180.0 / std::numbers::pi};
}

}  // namespace yarbus::ui
