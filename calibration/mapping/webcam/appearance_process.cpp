#include "calibration/mapping/webcam/appearance_process.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>

#include "eyemodel/types/angle.h"
#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

constexpr std::array<double, 2> axis_lengths{0.8, 2.0};
constexpr double rest_length = 2.5;  ///< of lids and head
constexpr std::array<double, 2> patch_lengths{0.0, 2.0};
/// Over the noise of a frame, variances.
constexpr std::array<double, 3> signals{0.3, 1.5, 6.0};
constexpr std::array<double, 2> shared_errors{0.5, 2.0};
/// The noise is taken to be so large, as strongly as so many frames would say it.
constexpr double usual_noise_deg = 0.5;
constexpr double usual_noise_weight = 4.0;

}  // namespace

double AppearanceProcess::kernel(const AppearanceNumbers& a, const AppearanceNumbers& b,
                                 const Lengths& lengths) {
  const AppearanceNumbers off = a - b;
  constexpr int rest = appearance_place_numbers - appearance_axis_numbers;
  double exponent =
      off.head<appearance_axis_numbers>().squaredNorm() /
          (appearance_axis_numbers * lengths.axis * lengths.axis) +
      off.segment<rest>(appearance_axis_numbers).squaredNorm() / (rest * rest_length * rest_length);
  if (lengths.patch > 0.0)
    exponent += off.tail<appearance_patch_numbers>().squaredNorm() /
                (appearance_patch_numbers * lengths.patch * lengths.patch);
  return std::exp(-0.5 * exponent);
}

AppearanceProcess AppearanceProcess::fit(std::span<const AppearancePoint> points) {
  YARBUS_CHECK_OP(points.size(), <=, static_cast<std::size_t>(most_appearances));
  YARBUS_CHECK_OP(points.size(), >, std::size_t{0});
  AppearanceProcess process;
  const auto count = static_cast<Eigen::Index>(points.size());
  process.at_.resize(appearance_numbers, count);
  Eigen::MatrixXd values(count, 2);
  Eigen::MatrixXd same_target(count, count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const AppearancePoint& point = points[static_cast<std::size_t>(i)];
    process.at_.col(i) = point.at;
    values.row(i) = point.value_rad.transpose();
    for (Eigen::Index j = 0; j < count; ++j)
      same_target(i, j) = point.target == points[static_cast<std::size_t>(j)].target ? 1.0 : 0.0;
  }
  std::array<double, 2> best{-std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity()};
  const double usual = usual_noise_deg * usual_noise_deg * rad_per_deg * rad_per_deg;
  const auto try_with = [&](const Eigen::MatrixXd& function, double signal, double shared,
                            const Lengths& lengths) {
    Eigen::MatrixXd covariance = signal * function + shared * same_target;
    covariance.diagonal().array() += 1.0;
    const Eigen::LLT<Eigen::MatrixXd> cholesky(covariance);
    if (cholesky.info() != Eigen::Success) return;
    const double log_determinant = 2.0 * cholesky.matrixLLT().diagonal().array().log().sum();
    for (int k = 0; k < 2; ++k) {
      const Eigen::VectorXd whitened = cholesky.matrixL().solve(values.col(k));
      const double all = static_cast<double>(count) + usual_noise_weight;
      const double noise = (whitened.squaredNorm() + usual_noise_weight * usual) / all;
      const double likelihood = -0.5 * all * std::log(noise) - 0.5 * log_determinant;
      const auto at = static_cast<std::size_t>(k);
      if (!(likelihood > best[at])) continue;
      best[at] = likelihood;
      process.parts_[at] = {signal * noise, noise, shared * noise, lengths, {}, {}};
    }
  };
  Eigen::MatrixXd function = Eigen::MatrixXd::Zero(count, count);
  for (const double shared : shared_errors) try_with(function, 0.0, shared, {});
  for (const double axis : axis_lengths) {
    for (const double patch : patch_lengths) {
      const Lengths lengths{axis, patch};
      for (Eigen::Index i = 0; i < count; ++i) {
        for (Eigen::Index j = 0; j <= i; ++j)
          function(i, j) = function(j, i) = kernel(process.at_.col(i), process.at_.col(j), lengths);
      }
      for (const double signal : signals) {
        for (const double shared : shared_errors) try_with(function, signal, shared, lengths);
      }
    }
  }
  for (std::size_t k = 0; k < 2; ++k) {
    Part& part = process.parts_[k];
    if (part.signal_rad2 == 0.0) continue;
    Eigen::MatrixXd covariance = part.shared_rad2 * same_target;
    covariance.diagonal().array() += part.noise_rad2;
    for (Eigen::Index i = 0; i < count; ++i) {
      for (Eigen::Index j = 0; j < count; ++j)
        covariance(i, j) += part.signal_rad2 * kernel(process.at_.col(i), process.at_.col(j), part.lengths);
    }
    const Eigen::LLT<Eigen::MatrixXd> cholesky(covariance);
    part.cholesky = cholesky.matrixL();
    part.weights = cholesky.solve(values.col(static_cast<Eigen::Index>(k)));
  }
  return process;
}

AppearanceProcess::Prediction AppearanceProcess::predict(const AppearanceNumbers& at) const {
  Prediction prediction;
  const Eigen::Index count = at_.cols();
  Eigen::Matrix<double, Eigen::Dynamic, 1, 0, most_appearances, 1> of_function(count);
  for (std::size_t k = 0; k < 2; ++k) {
    const Part& part = parts_[k];
    const auto direction = static_cast<Eigen::Index>(k);
    if (part.signal_rad2 == 0.0) continue;
    for (Eigen::Index i = 0; i < count; ++i)
      of_function[i] = part.signal_rad2 * kernel(at_.col(i), at, part.lengths);
    prediction.mean_rad[direction] = of_function.dot(part.weights);
    // Forward substitution, in place.
    double explained = 0.0;
    for (Eigen::Index i = 0; i < count; ++i) {
      const double value = of_function[i] - part.cholesky.row(i).head(i).dot(of_function.head(i));
      of_function[i] = value / part.cholesky(i, i);
      explained += of_function[i] * of_function[i];
    }
    prediction.variance_rad2[direction] = std::max(0.0, part.signal_rad2 - explained);
  }
  return prediction;
}

}  // namespace yarbus
