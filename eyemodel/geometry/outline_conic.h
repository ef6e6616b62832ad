#pragma once

#include <Eigen/Core>

#include "eyemodel/types/outline_shape.h"

namespace yarbus {

/// An outline's conic A x^2 + 2B xy + C y^2 + 2D x + 2E y + F (px, negative inside), scaled so that it is -1
/// at the centre, and its derivatives by (center x, center y, s_xx, s_xy, s_yy).
struct OutlineConic {
  Eigen::Matrix<double, 6, 1> conic;
  Eigen::Matrix<double, 6, 5> by_shape;
};

/// The shape must be positive definite. Method: |S^-1 (x - center)|^2 = 1 and its exact derivatives. No heap.
OutlineConic outline_conic(const OutlineShape& shape);

}  // namespace yarbus
