#include "eyemodel/geometry/outline_conic.h"

#include <array>

#include <Eigen/LU>

namespace yarbus {
namespace {

/// A, B, C of a symmetric matrix N, and D, E, F for the centre c: N (x - c) . (x - c) - level.
Eigen::Matrix<double, 6, 1> coefficients(const Eigen::Matrix2d& form, const Eigen::Vector2d& center,
                                         double level) {
  const Eigen::Vector2d linear = -form * center;
  Eigen::Matrix<double, 6, 1> conic;
  conic << form(0, 0), form(0, 1), form(1, 1), linear, -linear.dot(center) - level;
  return conic;
}

}  // namespace

OutlineConic outline_conic(const OutlineShape& shape) {
  Eigen::Matrix2d s;
  s << shape.s_xx_px, shape.s_xy_px, shape.s_xy_px, shape.s_yy_px;
  const Eigen::Matrix2d inverse = s.inverse();
  const Eigen::Matrix2d form = inverse * inverse;
  const Eigen::Vector2d& center = shape.center_px;
  OutlineConic out{coefficients(form, center, 1.0), {}};
  for (int axis = 0; axis < 2; ++axis) {
    // D, E = -N c and F = c N c - 1.
    out.by_shape.col(axis) << 0.0, 0.0, 0.0, -form.col(axis), 2.0 * form.row(axis).dot(center);
  }
  std::array<Eigen::Matrix2d, 3> directions;
  directions[0] << 1.0, 0.0, 0.0, 0.0;
  directions[1] << 0.0, 1.0, 1.0, 0.0;
  directions[2] << 0.0, 0.0, 0.0, 1.0;
  for (int k = 0; k < 3; ++k) {
    const Eigen::Matrix2d by_entry = -inverse * directions[static_cast<std::size_t>(k)] * inverse;
    out.by_shape.col(2 + k) = coefficients(by_entry * inverse + inverse * by_entry, center, 0.0);
  }
  return out;
}

}  // namespace yarbus
