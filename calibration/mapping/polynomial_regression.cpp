#include "calibration/mapping/polynomial_regression.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>

#include "calibration/mapping/geometric_fit.h"
#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

/// The scatter expected before any is seen, and as how many residuals it counts.
constexpr double expected_scatter_mm = 2.0;
constexpr double expected_scatter_weight = 1.0;
constexpr double least_affine_ridge = 1e-9;

}  // namespace

PolynomialRegression::Features PolynomialRegression::features(const Eigen::Vector2d& angles_rad) const {
  const Eigen::Vector2d at = (angles_rad - middle_rad_) / spread_rad_;
  Features terms;
  terms << 1.0, at[0], at[1], at[0] * at[1], at[0] * at[0], at[1] * at[1];
  return terms;
}

PolynomialRegression PolynomialRegression::fit(std::span<const AnglePoint> points) {
  const auto count = static_cast<Eigen::Index>(points.size());
  YARBUS_CHECK_OP(count, >=, 4);
  PolynomialRegression regression;
  for (const AnglePoint& point : points) regression.middle_rad_ += point.angles_rad / points.size();
  double squares = 0.0;
  for (const AnglePoint& point : points) squares += (point.angles_rad - regression.middle_rad_).squaredNorm();
  regression.spread_rad_ = std::max(1e-6, std::sqrt(0.5 * squares / static_cast<double>(points.size())));
  Eigen::Matrix<double, Eigen::Dynamic, 6> design(count, 6);
  Eigen::Matrix<double, Eigen::Dynamic, 2> targets(count, 2);
  for (Eigen::Index i = 0; i < count; ++i) {
    const AnglePoint& point = points[static_cast<std::size_t>(i)];
    design.row(i) = regression.features(point.angles_rad).transpose();
    targets.row(i) = point.target_in_screen_mm.transpose();
  }
  const Eigen::Matrix<double, 6, 6> normal = design.transpose() * design;
  double best = std::numeric_limits<double>::infinity();
  double hat_trace = 0.0;
  double residual_squares = 0.0;
  for (int step = -10; step <= 8; ++step) {
    const double ridge = std::pow(10.0, 0.5 * step);
    Eigen::Matrix<double, 6, 6> penalised = normal;
    penalised.diagonal().head<3>().array() += least_affine_ridge;
    penalised.diagonal().tail<3>().array() += ridge;
    const Eigen::Matrix<double, 6, 6> inverse =
        penalised.ldlt().solve(Eigen::Matrix<double, 6, 6>::Identity());
    const Eigen::MatrixXd hat = design * inverse * design.transpose();
    const Eigen::MatrixXd residuals = targets - hat * targets;
    double left_out = 0.0;
    for (Eigen::Index i = 0; i < count; ++i)
      left_out += residuals.row(i).squaredNorm() / std::pow(std::max(1e-6, 1.0 - hat(i, i)), 2);
    if (!(left_out < best)) continue;
    best = left_out;
    regression.ridge_ = ridge;
    regression.inverse_ = inverse;
    regression.weights_ = inverse * design.transpose() * targets;
    hat_trace = hat.trace();
    residual_squares = residuals.squaredNorm();
  }
  const double degrees =
      expected_scatter_weight + std::max(0.0, 2.0 * (static_cast<double>(count) - hat_trace));
  regression.scatter_mm_ = std::sqrt(
      (expected_scatter_weight * expected_scatter_mm * expected_scatter_mm + residual_squares) / degrees);
  regression.student_factor_ = student_factor(degrees);
  return regression;
}

PolynomialRegression::Prediction PolynomialRegression::predict(const Eigen::Vector2d& angles_rad) const {
  const Features terms = features(angles_rad);
  const double doubt = 1.0 + terms.dot(inverse_ * terms);
  return {weights_.transpose() * terms, student_factor_ * scatter_mm_ * scatter_mm_ * doubt};
}

}  // namespace yarbus
