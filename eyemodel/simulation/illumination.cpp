#include "eyemodel/simulation/illumination.h"

#include <algorithm>
#include <cmath>

#include "eyemodel/types/check.h"

namespace yarbus::simulation {
namespace {
constexpr double ambient = 0.14;
}

Illumination::Illumination(const Scene& scene, const Eigen::Matrix3d& cam_from_body,
                           const Eigen::Vector3d& body_origin_in_cam_mm)
    : count_(scene.appearance.led_count),
      reference_mm_(scene.eye_center_in_cam_mm.norm() - scene.eye.apex_mm()) {
  YARBUS_CHECK_OP(count_, >=, 1);
  YARBUS_CHECK_OP(count_, <=, 2);
  for (int i = 0; i < count_; ++i) {
    const auto k = static_cast<std::size_t>(i);
    leds_[k] = cam_from_body.transpose() * (scene.appearance.leds_in_cam_mm[k] - body_origin_in_cam_mm);
  }
}

double Illumination::diffuse(const Eigen::Vector3d& point, const Eigen::Vector3d& normal, double wrap) const {
  double sum = 0.0;
  for (int i = 0; i < count_; ++i) {
    const Eigen::Vector3d to_led = leds_[static_cast<std::size_t>(i)] - point;
    const double squared = to_led.squaredNorm();
    const double cosine = normal.dot(to_led) / std::sqrt(squared);
    const double lit = std::max(0.0, (cosine + wrap) / (1.0 + wrap));
    // Near skin would burn out: cameras see it through the lens's fall-off, LEDs have a beam.
    sum += lit * std::min(1.6, reference_mm_ * reference_mm_ / squared);
  }
  return ambient + (1.0 - ambient) * sum / count_;
}

double Illumination::specular(const Eigen::Vector3d& point, const Eigen::Vector3d& normal,
                              const Eigen::Vector3d& towards_viewer, double roughness) const {
  double sum = 0.0;
  for (int i = 0; i < count_; ++i) {
    const Eigen::Vector3d to_led = (leds_[static_cast<std::size_t>(i)] - point).normalized();
    const double cosine = std::clamp(normal.dot((to_led + towards_viewer).normalized()), 0.0, 1.0);
    const double angle_squared = 2.0 * (1.0 - cosine);
    sum += std::exp(-angle_squared / (roughness * roughness));
  }
  return sum / count_;
}

double Illumination::mirror(const Eigen::Vector3d& point, const Eigen::Vector3d& reflected_dir,
                            double size_rad) const {
  double sum = 0.0;
  for (int i = 0; i < count_; ++i) {
    const Eigen::Vector3d to_led = (leds_[static_cast<std::size_t>(i)] - point).normalized();
    const double angle_squared = 2.0 * (1.0 - to_led.dot(reflected_dir));
    const double relative = angle_squared / (size_rad * size_rad);
    if (relative < 9.0) sum += std::exp(-relative);
  }
  return sum;
}

}  // namespace yarbus::simulation
