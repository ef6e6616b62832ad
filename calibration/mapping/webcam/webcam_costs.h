#pragma once

#include <array>

#include <Eigen/Core>

#include "calibration/mapping/webcam/webcam_model.h"

// The cost functors of the webcam's geometry, for webcam_problem.cpp and their gradient checks.

namespace yarbus::webcam_costs {

using webcam_model::Vector2;
using webcam_model::Vector3;

/// One eye in a bundle. A direction behind the camera has a residual of up to half a turn.
struct SeenIris {
  EyeSide side = EyeSide::right;
  RigidTransform cam_from_head;
  Eigen::Vector3d iris_dir_in_cam = Eigen::Vector3d::UnitZ();
  Eigen::Vector2d target_from_middle_mm = Eigen::Vector2d::Zero();

  template <class T>
  Vector2<T> residual(const T* eye, const T* screen, const T* scale, const T* miss_mm) const {
    const Vector2<T> looked_at(target_from_middle_mm[0] + miss_mm[0], target_from_middle_mm[1] + miss_mm[1]);
    const Vector3<T> predicted =
        webcam_model::iris_dir_in_cam(eye, screen, scale[0], cam_from_head, side, looked_at);
    const Vector3<T> seen = iris_dir_in_cam.cast<T>();
    return geometric_model::angle_from(seen, predicted);
  }
};

struct OneIrisCost {
  SeenIris seen;
  Eigen::Matrix2d whitening;
  template <class T>
  bool operator()(const T* eye, const T* screen, const T* scale, const T* miss_mm, T* residuals) const {
    Eigen::Map<Vector2<T>> whitened(residuals);
    whitened = whitening.cast<T>() * seen.residual(eye, screen, scale, miss_mm);
    return true;
  }
};

/// Both eyes of a bundle, whose head they have in common.
struct TwoIrisesCost {
  std::array<SeenIris, 2> seen;
  Eigen::Matrix4d whitening;
  template <class T>
  bool operator()(const T* right, const T* left, const T* screen, const T* scale, const T* miss_mm,
                  T* residuals) const {
    Eigen::Matrix<T, 4, 1> angles;
    angles << seen[0].residual(right, screen, scale, miss_mm), seen[1].residual(left, screen, scale, miss_mm);
    Eigen::Map<Eigen::Matrix<T, 4, 1>> whitened(residuals);
    whitened = whitening.cast<T>() * angles;
    return true;
  }
};

/// (parameters - mean) / sigma.
template <int N>
struct NormalPrior {
  std::array<double, N> mean;
  std::array<double, N> sigma;
  template <class T>
  bool operator()(const T* values, T* residuals) const {
    for (std::size_t i = 0; i < N; ++i) residuals[i] = (values[i] - mean[i]) / sigma[i];
    return true;
  }
};

/// Kappas of both eyes as nasal and up, with a common turn of the head's frame; and their centres' heights
/// and depths, which differ less than each is known.
struct EyesPrior {
  Eigen::Vector2d kappa_mean_rad;
  Eigen::Matrix2d across_whitening;  ///< of both nasal ones
  Eigen::Matrix2d up_whitening;
  Eigen::Vector2d difference_mean_mm;
  double difference_sigma_mm;
  template <class T>
  bool operator()(const T* right, const T* left, T* residuals) const {
    const Vector2<T> nasal(right[4] - kappa_mean_rad[0], left[4] - kappa_mean_rad[0]);
    const Vector2<T> up(right[5] - kappa_mean_rad[1], left[5] - kappa_mean_rad[1]);
    Eigen::Map<Vector2<T>> across_whitened(residuals);
    Eigen::Map<Vector2<T>> up_whitened(residuals + 2);
    across_whitened = across_whitening.cast<T>() * nasal;
    up_whitened = up_whitening.cast<T>() * up;
    for (int i = 0; i < 2; ++i)
      residuals[4 + i] = (right[1 + i] - left[1 + i] - difference_mean_mm[i]) / difference_sigma_mm;
    return true;
  }
};

/// Where the camera is at the screen, and how it is turned against the screen's normal.
struct CameraPrior {
  Eigen::Vector3d camera_from_middle_mm;  ///< along the screen's axes
  Eigen::Vector3d camera_sigma_mm;
  Eigen::Vector3d turn_sigma_rad;
  template <class T>
  bool operator()(const T* screen, T* residuals) const {
    const webcam_model::Matrix3<T> turn = webcam_model::cam_from_screen_rotation(screen);
    const Vector3<T> camera = -(turn.transpose() * Vector3<T>(screen[3], screen[4], screen[5]));
    for (int i = 0; i < 3; ++i) {
      residuals[i] = screen[i] / turn_sigma_rad[i];
      residuals[3 + i] = (camera[i] - camera_from_middle_mm[i]) / camera_sigma_mm[i];
    }
    return true;
  }
};

}  // namespace yarbus::webcam_costs
