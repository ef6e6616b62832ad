#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/image.h"

namespace yarbus::test {

/// A drawn eye whose iris runs into the sclera over a known width. Frames & units: image, px; gray levels.
struct DrawnLimbus {
  Ellipse pupil{{320.0, 240.0}, 34.0, 33.0, 0.3};
  double limbus_px = 92.0;   ///< along the limbus's major axis; its aspect is the pupil's
  double transition = 0.11;  ///< of the radius: inside of the limbus, iris becomes sclera
  double pupil_gray = 25.0;
  double iris_gray = 90.0;
  double sclera_gray = 140.0;
  double gradient = 0.0;       ///< of the light, share from the image's middle to its right border
  double upper_lid_px = -1e9;  ///< above this row of the image is skin
  double lower_lid_px = 1e9;   ///< below that one
  double lid_gray = 170.0;
  double ring = 0.0;  ///< iris_gray is this much darker within ring_px
  double ring_px = 55.0;
  double texture_gray = 0.0;  ///< amplitude of radial fibres, inside the limbus
  double noise_gray = 1.5;

  [[nodiscard]] Ellipse limbus() const {
    return {pupil.center_px, limbus_px, limbus_px * pupil.aspect_ratio(), pupil.angle_rad};
  }
};

inline GrayImage draw(const DrawnLimbus& eye) {
  GrayImage image(640, 480);
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0.0, eye.noise_gray);
  const auto smooth = [](double x) {
    x = std::clamp(x, 0.0, 1.0);
    return x * x * (3.0 - 2.0 * x);
  };
  for (int y = 0; y < image.height_px(); ++y) {
    for (int x = 0; x < image.width_px(); ++x) {
      const Eigen::Vector2d off = Eigen::Vector2d(x, y) - eye.pupil.center_px;
      const double u = off.dot(eye.pupil.major_axis());
      const double v = off.dot(eye.pupil.minor_axis()) / eye.pupil.aspect_ratio();
      const double radius = std::hypot(u, v);
      double level = eye.iris_gray - (radius < eye.ring_px ? eye.ring : 0.0);
      level += eye.texture_gray * std::sin(24.0 * std::atan2(v, u));
      const double outside = smooth((radius / eye.limbus_px - 1.0 + eye.transition) / eye.transition);
      level += outside * (eye.sclera_gray - level);
      level += smooth(0.5 - 0.5 * (radius - eye.pupil.semi_major_px)) * (eye.pupil_gray - level);
      level += smooth(0.5 * (eye.upper_lid_px - y)) * (eye.lid_gray - level);
      level += smooth(0.5 * (y - eye.lower_lid_px)) * (eye.lid_gray - level);
      level *= 1.0 + eye.gradient * (x - 320.0) / 320.0;
      image.row(y)[x] = static_cast<std::uint8_t>(std::clamp(std::lround(level + noise(random)), 0L, 255L));
    }
  }
  return image;
}

}  // namespace yarbus::test
