#include "calibration/mapping/gaussian_process.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>

#include "eyemodel/types/angle.h"

namespace yarbus {
namespace {


/// Logarithms of signal, length and noise (rad).
using Logs = Eigen::Vector3d;

struct Data {
  Eigen::MatrixXd squared_distance;
  Eigen::MatrixXd values;
  Eigen::VectorXd known_noise;
};

Eigen::MatrixXd covariance_of(const Data& data, const Logs& logs) {
  const Eigen::Vector3d squares = (2.0 * logs).array().exp();
  Eigen::MatrixXd covariance = (data.squared_distance * (-0.5 / squares[1])).array().exp() * squares[0];
  covariance.diagonal().array() += squares[2] + data.known_noise.array();
  return covariance;
}

double log_likelihood(const Data& data, const Logs& logs) {
  const Eigen::LLT<Eigen::MatrixXd> cholesky(covariance_of(data, logs));
  if (cholesky.info() != Eigen::Success) return -std::numeric_limits<double>::infinity();
  const Eigen::MatrixXd whitened = cholesky.matrixL().solve(data.values);
  const double log_determinant = 2.0 * cholesky.matrixLLT().diagonal().array().log().sum();
  return -0.5 * whitened.squaredNorm() - 0.5 * static_cast<double>(data.values.cols()) * log_determinant;
}

/// From the best point of a grid uphill by steps that are halved.
Logs most_likely(const Data& data, const Logs& least, const Logs& most) {
  constexpr int per_side = 6;
  Logs best = least;
  double best_value = -std::numeric_limits<double>::infinity();
  const auto try_at = [&](const Logs& logs) {
    const double value = log_likelihood(data, logs);
    if (!(value > best_value)) return false;
    best_value = value;
    best = logs;
    return true;
  };
  for (int i = 0; i < per_side * per_side * per_side; ++i) {
    const Eigen::Vector3d share(i % per_side, (i / per_side) % per_side, i / (per_side * per_side));
    try_at(least + (most - least).cwiseProduct(share) / (per_side - 1));
  }
  Logs step = 0.5 * (most - least) / (per_side - 1);
  for (int round = 0; round < 8; ++round) {
    bool is_better = false;
    for (int k = 0; k < 3; ++k) {
      for (const double sign : {-1.0, 1.0}) {
        Logs moved = best;
        moved[k] = std::clamp(moved[k] + sign * step[k], least[k], most[k]);
        is_better = try_at(moved) || is_better;
      }
    }
    if (!is_better) step *= 0.5;
  }
  return best;
}

}  // namespace

GaussianProcess GaussianProcess::fit(std::span<const ResidualPoint> points,
                                     const GaussianProcessBounds& bounds) {
  YARBUS_CHECK_OP(points.size(), <=, static_cast<std::size_t>(max_targets));
  GaussianProcess process;
  process.reach_rad_ = bounds.reach_deg * rad_per_deg;
  const auto count = static_cast<Eigen::Index>(points.size());
  if (count == 0) return process;
  Data data{Eigen::MatrixXd(count, count), Eigen::MatrixXd(count, 2), Eigen::VectorXd(count)};
  process.at_rad_.resize(count, 2);
  for (Eigen::Index i = 0; i < count; ++i) {
    const ResidualPoint& point = points[static_cast<std::size_t>(i)];
    process.at_rad_.row(i) = point.at_rad.transpose();
    data.values.row(i) = point.value_rad.transpose();
    data.known_noise[i] = point.noise_variance_rad2;
    for (Eigen::Index j = 0; j < count; ++j)
      data.squared_distance(i, j) = (point.at_rad - points[static_cast<std::size_t>(j)].at_rad).squaredNorm();
  }
  process.lowest_rad_ = process.at_rad_.colwise().minCoeff().transpose();
  process.highest_rad_ = process.at_rad_.colwise().maxCoeff().transpose();
  const auto logs = [](double signal_deg, double length_deg, double noise_deg) -> Logs {
    return (rad_per_deg * Eigen::Vector3d(signal_deg, length_deg, noise_deg)).array().log();
  };
  const Logs best =
      most_likely(data, logs(bounds.least_signal_deg, bounds.least_length_deg, bounds.least_noise_deg),
                  logs(bounds.most_signal_deg, bounds.most_length_deg, bounds.most_noise_deg));
  process.signal_rad_ = std::exp(best[0]);
  process.length_rad_ = std::exp(best[1]);
  process.noise_rad_ = std::exp(best[2]);
  const Eigen::LLT<Eigen::MatrixXd> cholesky(covariance_of(data, best));
  process.cholesky_ = cholesky.matrixL();
  process.weights_ = cholesky.solve(data.values);
  return process;
}

GaussianProcess::Prediction GaussianProcess::predict(const Eigen::Vector2d& at_rad) const {
  const double signal = signal_rad_ * signal_rad_;
  Prediction prediction{Eigen::Vector2d::Zero(), signal, 0.0};
  const Eigen::Index count = at_rad_.rows();
  if (count == 0) return prediction;
  Eigen::Matrix<double, Eigen::Dynamic, 1, 0, max_targets, 1> kernel(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const double squared = (at_rad_.row(i).transpose() - at_rad).squaredNorm();
    kernel[i] = signal * std::exp(-0.5 * squared / (length_rad_ * length_rad_));
  }
  const Eigen::Vector2d outside =
      (lowest_rad_ - at_rad).cwiseMax(at_rad - highest_rad_).cwiseMax(0.0) / reach_rad_;
  const double fade = std::exp(-0.5 * outside.squaredNorm());
  prediction.share = fade;
  for (int k = 0; k < 2; ++k) prediction.mean_rad[k] = fade * kernel.dot(weights_.col(k));
  // Forward substitution, in place.
  double explained = 0.0;
  for (Eigen::Index i = 0; i < count; ++i) {
    double value = kernel[i];
    for (Eigen::Index j = 0; j < i; ++j) value -= cholesky_(i, j) * kernel[j];
    kernel[i] = value / cholesky_(i, i);
    explained += kernel[i] * kernel[i];
  }
  prediction.variance_rad2 = std::max(0.0, signal - explained);
  return prediction;
}

}  // namespace yarbus
