#pragma once

#include <cmath>

#include <Eigen/Core>
#include <Eigen/LU>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus {

/// Where an eye is in an image, and how the face lies about it: millimetres of the face, x along the line
/// between the eyes to the head's right in the image, y down the face, to the image. To first order.
/// Frames & units: image as captured, px.
struct EyeFrame {
  Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
  Eigen::Matrix2d px_from_mm = Eigen::Matrix2d::Identity();

  [[nodiscard]] Eigen::Vector2d to_px(const Eigen::Vector2d& mm) const { return center_px + px_from_mm * mm; }
  [[nodiscard]] Eigen::Vector2d to_mm(const Eigen::Vector2d& px) const {
    return px_from_mm.inverse() * (px - center_px);
  }
  /// Mean over directions.
  [[nodiscard]] double scale_px_per_mm() const { return std::sqrt(std::abs(px_from_mm.determinant())); }
  [[nodiscard]] bool is_valid() const {
    return center_px.allFinite() && px_from_mm.allFinite() && std::abs(px_from_mm.determinant()) > 1e-6;
  }

  /// Of a face that is seen from the front: `along_px` is the image of `length_mm` of the line between the
  /// eyes, to the image's right.
  static EyeFrame frontal(const Eigen::Vector2d& center_px, const Eigen::Vector2d& along_px,
                          double length_mm) {
    const Eigen::Vector2d x = along_px / length_mm;
    EyeFrame frame;
    frame.center_px = center_px;
    frame.px_from_mm.col(0) = x;
    frame.px_from_mm.col(1) = Eigen::Vector2d(-x.y(), x.x());
    return frame;
  }
  /// About a place of a head (mm, before the camera).
  static EyeFrame on_head(const RigidTransform& cam_from_head, const Eigen::Vector3d& at_in_head_mm,
                          const CameraIntrinsics& intrinsics) {
    const auto seen = [&](double x_mm, double y_mm) {
      return intrinsics.project(cam_from_head.point(at_in_head_mm + Eigen::Vector3d(x_mm, y_mm, 0.0)));
    };
    EyeFrame frame;
    frame.center_px = seen(0.0, 0.0);
    frame.px_from_mm.col(0) = 0.1 * (seen(5.0, 0.0) - seen(-5.0, 0.0));
    frame.px_from_mm.col(1) = 0.1 * (seen(0.0, 5.0) - seen(0.0, -5.0));
    return frame;
  }
};

}  // namespace yarbus
