#pragma once

#include <algorithm>
#include <optional>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>

namespace yarbus {

/// What a function of N parameters says at a point: its value and its exact gradient.
template <int N>
struct ValueAndGradient {
  double value = 0.0;
  Eigen::Matrix<double, N, 1> gradient = Eigen::Matrix<double, N, 1>::Zero();
};

/// A function's second-order model about a point.
template <int N>
struct QuadraticModel {
  double value = 0.0;
  Eigen::Matrix<double, N, 1> gradient = Eigen::Matrix<double, N, 1>::Zero();
  Eigen::Matrix<double, N, N> curvature = Eigen::Matrix<double, N, N>::Zero();
};

/// The curvature is the difference of exact gradients over `step`, made symmetric and positive by the
/// absolute value of its eigenvalues, so that every step goes downhill. `function(at)` gives an
/// optional ValueAndGradient<N>. Errors: nullopt where it has no value. No heap.
template <int N, class Function>
std::optional<QuadraticModel<N>> quadratic_about(const Function& function,
                                                 const Eigen::Matrix<double, N, 1>& at, double step) {
  using Matrix = Eigen::Matrix<double, N, N>;
  const auto here = function(at);
  if (!here) return std::nullopt;
  QuadraticModel<N> model{here->value, here->gradient, {}};
  for (int k = 0; k < N; ++k) {
    Eigen::Matrix<double, N, 1> moved = at;
    moved[k] += step;
    const auto there = function(moved);
    if (!there) return std::nullopt;
    model.curvature.col(k) = (there->gradient - here->gradient) / step;
  }
  const Matrix symmetric = 0.5 * (model.curvature + model.curvature.transpose());
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(symmetric);
  const double largest = eigen.eigenvalues().cwiseAbs().maxCoeff();
  const Eigen::Matrix<double, N, 1> positive =
      eigen.eigenvalues().cwiseAbs().cwiseMax(1e-9 * std::max(largest, 1e-12));
  model.curvature = eigen.eigenvectors() * positive.asDiagonal() * eigen.eigenvectors().transpose();
  return model;
}

/// In the unit of the parameters.
struct DampedNewtonOptions {
  double difference_step = 1e-3;  ///< for curvatures
  double longest_step = 1.0;      ///< of one parameter
  double settled_step = 1e-4;     ///< a shorter one is the last
  int max_iterations = 10;
};

/// Walks downhill from `start` by Newton's steps with Levenberg and Marquardt's damping, as far as it gets:
/// where the function has no value a step is shortened. `function` as above. No heap.
template <int N, class Function>
Eigen::Matrix<double, N, 1> minimise(const Function& function, const Eigen::Matrix<double, N, 1>& start,
                                     const DampedNewtonOptions& options) {
  Eigen::Matrix<double, N, 1> at = start;
  double damping = 1e-3;
  for (int i = 0; i < options.max_iterations; ++i) {
    const auto model = quadratic_about<N>(function, at, options.difference_step);
    if (!model) break;
    bool is_better = false;
    bool is_settled = false;
    for (int attempt = 0; attempt < options.max_iterations && !is_better && !is_settled; ++attempt) {
      Eigen::Matrix<double, N, N> damped = model->curvature;
      damped.diagonal() *= 1.0 + damping;
      const Eigen::Matrix<double, N, 1> step = -damped.ldlt().solve(model->gradient);
      if (!step.allFinite()) break;
      const Eigen::Matrix<double, N, 1> next =
          at + step.cwiseMax(-options.longest_step).cwiseMin(options.longest_step);
      const auto there = function(next);
      is_better = there && there->value < model->value;
      is_settled = step.norm() < options.settled_step;
      if (is_better) at = next;
      damping = is_better ? std::max(1e-9, damping * 0.1) : damping * 10.0;
    }
    if (!is_better || is_settled) break;
  }
  return at;
}

}  // namespace yarbus
