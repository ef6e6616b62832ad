#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

#include <Eigen/Core>

#include "eyemodel/types/frames.h"
#include "eyemodel/types/head_pose.h"

namespace yarbus {

constexpr int eye_patch_width = 30;   ///< three times the 10 x 6 that ridge regression is used with
constexpr int eye_patch_height = 18;  ///< of one eye
constexpr std::size_t eye_patch_pixels = std::size_t{eye_patch_width} * eye_patch_height;

/// An eye's surroundings as gray levels, row by row, as if the head faced the camera upright: the middle of
/// the eye's place in the head is in the middle of the patch, whose width is 36 mm of head. Its light and
/// contrast are evened out (mean 128).
using EyePatch = std::array<std::uint8_t, eye_patch_pixels>;

/// One eye in the camera's space, as an ordinary webcam sees it.
struct EyeSight {
  /// From the camera to the middle of the limbus, unit; without the lens's distortion. Frame: cam.
  Eigen::Vector3d iris_dir_in_cam = Eigen::Vector3d::UnitZ();
  /// Of that direction across it, to image right and down, rad^2.
  Eigen::Matrix2d iris_covariance_rad2 = Eigen::Matrix2d::Zero();
  double limbus_radius_rad = 0.0;        ///< half of the angle that the limbus' long axis spans
  double limbus_radius_sigma_rad = 0.0;  ///< of that
  /// Where the eye turns about, as known before a calibration; keeps its place while the head is known.
  /// Frames & units: head, mm.
  Eigen::Vector3d eye_center_in_head_mm = Eigen::Vector3d::Zero();
  /// The lids' margins above and below the iris, along the head's y from the line between the eye's corners,
  /// mm, positive down.
  double upper_lid_mm = 0.0;
  double lower_lid_mm = 0.0;
  double openness = 0.0;    ///< 0 closed .. 1 wide open
  double confidence = 0.0;  ///< 0..1, as IrisObservation's
  EyePatch patch{};
};

/// A head before a webcam with the eyes that are seen. By EyeSide. Frames & units: cam, head, mm, rad.
struct FaceSight {
  HeadPose head;
  std::array<std::optional<EyeSight>, 2> eyes;

  [[nodiscard]] const std::optional<EyeSight>& eye(EyeSide side) const {
    return eyes[static_cast<std::size_t>(side)];
  }
};

/// Every number of it is one, and its directions are unit vectors.
inline bool is_valid(const FaceSight& sight) {
  if (!sight.head.cam_from_head.rotation.allFinite() ||
      !sight.head.cam_from_head.translation_mm.allFinite() || !sight.head.covariance.allFinite())
    return false;
  for (const auto& eye : sight.eyes) {
    if (!eye) continue;
    if (!eye->iris_dir_in_cam.allFinite() || std::abs(eye->iris_dir_in_cam.squaredNorm() - 1.0) > 0.01 ||
        !eye->iris_covariance_rad2.allFinite() || !eye->eye_center_in_head_mm.allFinite() ||
        !std::isfinite(eye->limbus_radius_rad + eye->limbus_radius_sigma_rad + eye->upper_lid_mm +
                       eye->lower_lid_mm + eye->openness + eye->confidence))
      return false;
  }
  return true;
}

}  // namespace yarbus
