#pragma once

#include <Eigen/Core>

#include "eyemodel/simulation/scene.h"

namespace yarbus::simulation {

/// The scene's infrared LEDs in one body's frame (head or eye), and what they send back from a surface. A
/// white surface facing the lights at the eye's distance has the value 1. Threads: const, concurrent-safe.
class Illumination {
 public:
  /// `cam_from_body` is a rotation; `body_origin_in_cam_mm` the body frame's origin.
  Illumination(const Scene& scene, const Eigen::Matrix3d& cam_from_body,
               const Eigen::Vector3d& body_origin_in_cam_mm);

  /// Lambert's law with the inverse square of distance, plus an even light from all around; `wrap` 0..1 lets
  /// light reach around the body as scattering in skin does.
  [[nodiscard]] double diffuse(const Eigen::Vector3d& point, const Eigen::Vector3d& normal,
                               double wrap) const;
  /// Blinn-Phong highlight of a surface of this `roughness` (radians, half width).
  [[nodiscard]] double specular(const Eigen::Vector3d& point, const Eigen::Vector3d& normal,
                                const Eigen::Vector3d& towards_viewer, double roughness) const;
  /// Mirror image of the LEDs: the sum of soft discs of half width `size_rad` about the directions to them.
  [[nodiscard]] double mirror(const Eigen::Vector3d& point, const Eigen::Vector3d& reflected_dir,
                              double size_rad) const;

 private:
  int count_;
  std::array<Eigen::Vector3d, 2> leds_;
  double reference_mm_;
};

}  // namespace yarbus::simulation
