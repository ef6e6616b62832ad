#pragma once

#include <array>
#include <cmath>
#include <memory>
#include <optional>

#include <Eigen/Core>

#include "eyemodel/types/face_sight.h"
#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/frames.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus {

/// One eye in one frame, as the eye model sees it. Frames & units: cam of that eye, mm, rad.
struct EyeRay {
  Eigen::Vector3d eye_center_in_cam_mm = Eigen::Vector3d::Zero();
  Eigen::Matrix3d center_covariance_in_cam_mm2 = Eigen::Matrix3d::Zero();  ///< zero: not stated
  Eigen::Vector3d optical_axis_in_cam = -Eigen::Vector3d::UnitZ();         ///< unit vector
  Eigen::Matrix3d axis_covariance_in_cam = Eigen::Matrix3d::Zero();        ///< rad^2, zero along the axis
  double confidence = 0.0;                                                 ///< of the pupil, 0..1
};

/// Every number of the ray is one, and its axis is a unit vector.
inline bool is_valid(const EyeRay& ray) {
  return ray.eye_center_in_cam_mm.allFinite() && ray.center_covariance_in_cam_mm2.allFinite() &&
         ray.optical_axis_in_cam.allFinite() && ray.axis_covariance_in_cam.allFinite() &&
         std::isfinite(ray.confidence) && std::abs(ray.optical_axis_in_cam.squaredNorm() - 1.0) < 0.01;
}

/// Both eyes at one time; an eye that is lost, blinking or has no model is absent. Indexed by EyeSide.
struct GazeRays {
  CaptureTime captured_at{};
  std::array<std::optional<EyeRay>, 2> eyes;
  /// What a webcam sees of the face; null of a near-eye camera. With it both eyes have one camera, and their
  /// rays follow from it by the population's anatomy; an eye without a ray is not to be used.
  std::shared_ptr<const FaceSight> face;

  [[nodiscard]] const std::optional<EyeRay>& eye(EyeSide side) const {
    return eyes[static_cast<std::size_t>(side)];
  }
};

/// What a participant's eyes did while a target was shown and looked at. Frames & units: screen (origin top
/// left, x right, y down), mm.
struct CalibrationSample {
  GazeRays rays;
  int target = 0;  ///< which one; a target shown again has its own number
  /// Targets that are pieces of one movement, where gaze misses them all alike, have its number. Below zero:
  /// the target stood still.
  int movement = -1;
  Eigen::Vector2d target_in_screen_mm = Eigen::Vector2d::Zero();
};

}  // namespace yarbus
