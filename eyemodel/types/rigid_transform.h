#pragma once

#include <filesystem>

#include <Eigen/Core>

#include "eyemodel/types/result.h"

namespace yarbus {

/// A turn and a shift from one frame b to another a: `x_in_a = rotation * x_in_b + translation_mm`, mm.
/// Name a value after its frames: `right_cam_from_left_cam`.
struct RigidTransform {
  Eigen::Matrix3d rotation = Eigen::Matrix3d::Identity();
  Eigen::Vector3d translation_mm = Eigen::Vector3d::Zero();

  [[nodiscard]] Eigen::Vector3d point(const Eigen::Vector3d& x_in_b_mm) const {
    return rotation * x_in_b_mm + translation_mm;
  }
  [[nodiscard]] Eigen::Vector3d direction(const Eigen::Vector3d& direction_in_b) const {
    return rotation * direction_in_b;
  }
  [[nodiscard]] Eigen::Matrix3d covariance(const Eigen::Matrix3d& covariance_in_b) const {
    return rotation * covariance_in_b * rotation.transpose();
  }
  /// Names each value that is not finite, and a matrix that is no rotation (columns not of unit length and at
  /// right angles to 0.001, or a mirror image).
  [[nodiscard]] Result<void> validate() const;
};

/// Reads where the left eye's camera is, seen from the right eye's:
/// `{"rotation": [[...3], [...3], [...3]], "translation_mm": [x, y, z]}` with
/// `x_in_right_cam = rotation * x_in_left_cam + translation_mm`. A rotation that is off by rounding is set
/// right. Errors: input_missing, input_unreadable (naming the missing or malformed key), invalid_option.
Result<RigidTransform> read_right_from_left(const std::filesystem::path& path);

}  // namespace yarbus
