#pragma once

#include <array>

#include <ceres/jet.h>
#include <ceres/rotation.h>

#include "calibration/camera/board_view.h"
#include "eyemodel/types/camera_intrinsics.h"

namespace yarbus {

/// fx, fy, cx, cy (px), then the five numbers of CameraIntrinsics::distortion.
constexpr int camera_parameters = 9;
/// Angle-axis of cam_from_board, then the board's origin in cam (mm).
constexpr int pose_parameters = 6;
using CameraVector = std::array<double, camera_parameters>;
using PoseVector = std::array<double, pose_parameters>;

/// Where the camera sees a point of the board, minus where it was seen. Frames & units: board (mm) -> image
/// (px). For the centre of a circle: where the centre of the circle's ellipse lies, which is not its centre's
/// image. Method: dual conic of the circle, projected. False (no value, for Ceres a step too far) behind the
/// camera.
struct LensResidual {
  DistortionModel model;
  Eigen::Vector2d on_board_mm;
  double circle_radius_mm;
  Eigen::Vector2d in_image_px;

  template <class T>
  bool operator()(const T* camera, const T* pose, T* residual) const {
    using std::atan;
    using std::sqrt;
    const T on_board[3] = {T(on_board_mm.x()), T(on_board_mm.y()), T(0.0)};
    T p[3];
    ceres::AngleAxisRotatePoint(pose, on_board, p);
    for (int i = 0; i < 3; ++i) p[i] += pose[3 + i];
    if (!(p[2] > T(1e-3))) return false;
    T x = p[0] / p[2];
    T y = p[1] / p[2];
    if (circle_radius_mm > 0.0) {
      const T e0[3] = {T(1.0), T(0.0), T(0.0)};
      const T e1[3] = {T(0.0), T(1.0), T(0.0)};
      T right[3];
      T down[3];
      ceres::AngleAxisRotatePoint(pose, e0, right);
      ceres::AngleAxisRotatePoint(pose, e1, down);
      const double r2 = circle_radius_mm * circle_radius_mm;
      const auto dual = [&](int a, int b) {
        return p[a] * p[b] - r2 * (right[a] * right[b] + down[a] * down[b]);
      };
      const T depth = dual(2, 2);
      if (!(depth > T(1e-6))) return false;
      x = dual(0, 2) / depth;
      y = dual(1, 2) / depth;
    }
    const T* k = camera + 4;
    const T square = x * x + y * y;
    if (model == DistortionModel::fisheye) {
      if (square > T(1e-18)) {
        const T r = sqrt(square);
        const T theta = atan(r);
        const T t2 = theta * theta;
        const T scale = theta * (T(1.0) + t2 * (k[0] + t2 * (k[1] + t2 * (k[2] + t2 * k[3])))) / r;
        x *= scale;
        y *= scale;
      }
    } else {
      const T radial = T(1.0) + square * (k[0] + square * (k[1] + square * k[4]));
      const T bent_x = x * radial + T(2.0) * k[2] * x * y + k[3] * (square + T(2.0) * x * x);
      y = y * radial + k[2] * (square + T(2.0) * y * y) + T(2.0) * k[3] * x * y;
      x = bent_x;
    }
    residual[0] = camera[0] * x + camera[2] - T(in_image_px.x());
    residual[1] = camera[1] * y + camera[3] - T(in_image_px.y());
    return true;
  }
};

}  // namespace yarbus
