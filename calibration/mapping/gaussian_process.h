#pragma once

#include <span>

#include <Eigen/Core>

#include "calibration/mapping/fixations.h"

namespace yarbus {

/// A residual seen at one gaze direction. Units: rad.
struct ResidualPoint {
  Eigen::Vector2d at_rad = Eigen::Vector2d::Zero();     ///< azimuth, elevation
  Eigen::Vector2d value_rad = Eigen::Vector2d::Zero();  ///< two independent values with one covariance
  double noise_variance_rad2 = 0.0;                     ///< known to be in it beside the fitted noise
};

/// Between these the marginal likelihood is maximised.
struct GaussianProcessBounds {
  double least_signal_deg = 0.02;
  double most_signal_deg = 2.0;
  double least_length_deg = 4.0;
  double most_length_deg = 20.0;
  double least_noise_deg = 0.03;
  double most_noise_deg = 1.0;
  double reach_deg = 4.0;  ///< outside the seen directions the correction fades like a Gaussian of this width
};

/// Gaussian-process regression in two dimensions: mean zero, squared exponential s^2 exp(-d^2 / 2 l^2) plus
/// noise. Method: Rasmussen & Williams 2006, algorithm 2.1; signal, length and noise maximise the marginal
/// likelihood (a grid, then a search by halved steps). Beyond the box of the points it was made from the mean
/// fades to zero. Immutable. Threads: const, concurrent-safe. Cost: under 2 us for 13 points, no heap.
class GaussianProcess {
 public:
  struct Prediction {
    Eigen::Vector2d mean_rad = Eigen::Vector2d::Zero();
    double variance_rad2 = 0.0;  ///< of the function, without noise
    double share = 0.0;          ///< 1 inside the directions seen, 0 far outside: how much of it to use
  };

  /// Takes at most max_targets points.
  static GaussianProcess fit(std::span<const ResidualPoint> points, const GaussianProcessBounds& bounds = {});
  [[nodiscard]] Prediction predict(const Eigen::Vector2d& at_rad) const;

  [[nodiscard]] double signal_rad() const { return signal_rad_; }
  [[nodiscard]] double length_rad() const { return length_rad_; }
  [[nodiscard]] double noise_rad() const { return noise_rad_; }

 private:
  using Square = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, max_targets, max_targets>;
  using Columns = Eigen::Matrix<double, Eigen::Dynamic, 2, 0, max_targets, 2>;

  double signal_rad_ = 0.0;
  double length_rad_ = 1.0;
  double noise_rad_ = 0.0;
  double reach_rad_ = 1.0;
  Eigen::Vector2d lowest_rad_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d highest_rad_ = Eigen::Vector2d::Zero();
  Columns at_rad_;
  Columns weights_;
  Square cholesky_;
};

}  // namespace yarbus
