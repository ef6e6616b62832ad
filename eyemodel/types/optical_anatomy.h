#pragma once

#include <Eigen/Core>

namespace yarbus {

/// Of cornea and aqueous humour taken as one.
constexpr double aqueous_index = 1.3375;

/// The lengths inside an eye that decide how its pupil and its limbus look from outside.
/// Frames & units: eye (origin at the rotation centre, z along the optical axis), mm. The defaults are the
/// population's means (docs/eye-model.md).
struct OpticalAnatomy {
  double pupil_plane_mm = 10.0;    ///< rotation centre to the pupil's plane
  double cornea_center_mm = 5.45;  ///< rotation centre to the corneal sphere's centre
  double cornea_radius_mm = 7.8;
  double limbus_radius_mm = 5.85;

  static OpticalAnatomy from(const Eigen::Vector4d& values_mm) {
    return {values_mm[0], values_mm[1], values_mm[2], values_mm[3]};
  }
  /// In the order of the fields, as in every vector and covariance of anatomy.
  [[nodiscard]] Eigen::Vector4d vector() const {
    return {pupil_plane_mm, cornea_center_mm, cornea_radius_mm, limbus_radius_mm};
  }
};

/// Standard deviations of the population, mm, in the order of OpticalAnatomy::vector().
inline Eigen::Vector4d population_anatomy_sigmas_mm() { return {0.35, 0.30, 0.25, 0.25}; }

}  // namespace yarbus
