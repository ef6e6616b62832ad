#pragma once

#include <algorithm>
#include <cmath>
#include <functional>

#include <Eigen/Core>

namespace yarbus::test {

/// Largest difference between an analytic Jacobian and central differences of `values`, relative to the
/// larger of 1 and the Jacobian's largest entry. `steps` are the differences' half-widths, one a parameter.
/// NaN anywhere gives NaN.
inline double jacobian_error(const std::function<Eigen::VectorXd(const Eigen::VectorXd&)>& values,
                             const Eigen::MatrixXd& analytic, const Eigen::VectorXd& at,
                             const Eigen::VectorXd& steps) {
  Eigen::MatrixXd numeric(analytic.rows(), analytic.cols());
  for (Eigen::Index i = 0; i < at.size(); ++i) {
    Eigen::VectorXd forward = at;
    Eigen::VectorXd backward = at;
    forward[i] += steps[i];
    backward[i] -= steps[i];
    numeric.col(i) = (values(forward) - values(backward)) / (2.0 * steps[i]);
  }
  if (!numeric.allFinite() || !analytic.allFinite()) return std::nan("");
  return (numeric - analytic).cwiseAbs().maxCoeff() / std::max(1.0, analytic.cwiseAbs().maxCoeff());
}

}  // namespace yarbus::test
