#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

namespace yarbus {

/// Gaze angles and the target that belongs to them. Units: rad, mm.
struct AnglePoint {
  Eigen::Vector2d angles_rad = Eigen::Vector2d::Zero();
  Eigen::Vector2d target_in_screen_mm = Eigen::Vector2d::Zero();
};

/// A second-order polynomial from two gaze angles to the screen: 1, x, y, xy, x^2, y^2, angles in units of
/// their spread. Method: Bayesian linear regression with a normal prior about zero on the second-order terms
/// alone, so that their lack makes it a plane; its ridge is chosen by leave-one-point-out cross-validation
/// (in closed form), the noise by the residuals and the degrees of freedom they have left. No heap in
/// `predict`.
class PolynomialRegression {
 public:
  struct Prediction {
    Eigen::Vector2d point_in_screen_mm = Eigen::Vector2d::Zero();
    /// Of the point about what is looked at, in each direction: weights and scatter, widened for few degrees
    /// of freedom.
    double variance_mm2 = 0.0;
  };

  /// Needs at least 4 points.
  static PolynomialRegression fit(std::span<const AnglePoint> points);
  [[nodiscard]] Prediction predict(const Eigen::Vector2d& angles_rad) const;
  [[nodiscard]] double ridge() const { return ridge_; }
  [[nodiscard]] double scatter_mm() const { return scatter_mm_; }

 private:
  using Features = Eigen::Matrix<double, 6, 1>;
  [[nodiscard]] Features features(const Eigen::Vector2d& angles_rad) const;

  Eigen::Vector2d middle_rad_ = Eigen::Vector2d::Zero();
  double spread_rad_ = 1.0;
  Eigen::Matrix<double, 6, 2> weights_ = Eigen::Matrix<double, 6, 2>::Zero();
  Eigen::Matrix<double, 6, 6> inverse_ =
      Eigen::Matrix<double, 6, 6>::Zero();  ///< weights' covariance / scatter^2
  double ridge_ = 0.0;
  double scatter_mm_ = 0.0;
  double student_factor_ = 1.0;
};

}  // namespace yarbus
