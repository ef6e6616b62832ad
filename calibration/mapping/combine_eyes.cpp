#include "calibration/mapping/combine_eyes.h"

#include <algorithm>

namespace yarbus {

GazePoint combine_eyes(const std::array<Eigen::Vector2d, 2>& points_in_screen_mm,
                       const Eigen::Matrix4d& covariance_mm2) {
  const Eigen::Matrix2d right = covariance_mm2.topLeftCorner<2, 2>().inverse();
  const Eigen::Matrix2d left = covariance_mm2.bottomRightCorner<2, 2>().inverse();
  Eigen::Matrix<double, 2, 4> weights;
  weights << right, left;
  weights = ((right + left).inverse() * weights).eval();
  Eigen::Vector4d points;
  points << points_in_screen_mm[0], points_in_screen_mm[1];
  return {weights * points, weights * covariance_mm2 * weights.transpose(), {true, true}};
}

double noise_ratio(const EyeRay& ray, double usual_variance_rad2) {
  const double variance = 0.5 * ray.axis_covariance_in_cam.trace();
  if (!(usual_variance_rad2 > 0.0) || !(variance > 0.0)) return 1.0;
  return std::clamp(variance / usual_variance_rad2, 0.25, 16.0);
}

}  // namespace yarbus
