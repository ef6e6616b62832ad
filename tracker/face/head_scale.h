#pragma once

#include <cmath>

namespace yarbus {

/// How large a head is against the one that was assumed, from the size of its irises and the distance between
/// its eyes. Method: the logarithm of the factor has a normal prior from the distance of the eyes, which the
/// assumed head rests on (63 +- 4 mm); the mean over the first irises adds a limbus of 11.7 +- 0.5 mm. Then
/// the factor stays: a calibration holds for one head, and by 3 % of its size gaze differs by half a degree.
/// One owner.
class HeadScale {
 public:
  /// An iris that spans `limbus_radius_rad` at a distance that the assumed head says.
  void push(double limbus_radius_rad, double sigma_rad, double assumed_distance_mm) {
    if (!(limbus_radius_rad > 0.0) || !(sigma_rad > 0.0) || !(assumed_distance_mm > 0.0)) return;
    const double variance = std::pow(sigma_rad / limbus_radius_rad, 2.0) + least_variance;
    const double log_factor = std::log(limbus_radius_mm / (limbus_radius_rad * assumed_distance_mm));
    if (irises_ == most_irises || std::abs(log_factor) > most_log) return;  // known, or no iris
    ++irises_;
    weight_ += 1.0 / variance;
    sum_ += log_factor / variance;
  }
  /// Millimetres of the real head to one of the assumed.
  [[nodiscard]] double factor() const {
    if (!(weight_ > 0.0)) return 1.0;
    const double iris_variance = limbus_sigma * limbus_sigma + 1.0 / weight_;
    const double iris_weight = 1.0 / iris_variance;
    const double prior_weight = 1.0 / (eyes_apart_sigma * eyes_apart_sigma);
    return std::exp(iris_weight * (sum_ / weight_) / (iris_weight + prior_weight));
  }
  void forget() {
    weight_ = sum_ = 0.0;
    irises_ = 0;
  }

 private:
  static constexpr double limbus_radius_mm = 5.85;
  static constexpr double limbus_sigma = 0.5 / 11.7;
  static constexpr double eyes_apart_sigma = 4.0 / 63.0;
  static constexpr double least_variance = 1e-4;
  static constexpr double most_log = 0.4;
  static constexpr int most_irises = 60;
  double weight_ = 0.0;
  double sum_ = 0.0;
  int irises_ = 0;
};

}  // namespace yarbus
