#pragma once

#include <array>

#include <Eigen/Core>

namespace yarbus {

/// How the lids follow the eyes, fitted: each lid is linear in the optical axis in head. Units: mm, rad.
struct LidModel {
  struct Eye {
    bool is_fitted = false;
    /// Rows: upper, lower; columns: at rest, by the axis' x, by its y (head).
    Eigen::Matrix<double, 2, 3> weights = Eigen::Matrix<double, 2, 3>::Zero();
    Eigen::Matrix3d doubt = Eigen::Matrix3d::Zero();  ///< of a row's weights, in units of the lid's noise
  };
  std::array<Eye, 2> eyes;                              ///< by EyeSide
  Eigen::Matrix4d noise_mm2 = Eigen::Matrix4d::Zero();  ///< upper, lower of the right eye, of the left
};

}  // namespace yarbus
