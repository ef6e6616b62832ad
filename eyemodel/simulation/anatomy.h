#pragma once

#include <cstdint>

#include <Eigen/Core>

#include "eyemodel/types/result.h"

namespace yarbus::simulation {

/// One person's eye. Frames & units: eye (origin at the rotation centre, z along the optical axis out of the
/// cornea), mm. The defaults are the population means (docs/simulation.md).
struct EyeAnatomy {
  double eyeball_radius_mm = 12.0;
  double cornea_radius_mm = 7.8;
  double cornea_center_mm = 5.319;  ///< rotation centre to centre of the corneal sphere
  double limbus_radius_mm = 5.85;
  double pupil_plane_mm = 9.978;      ///< rotation centre to iris plane
  double refractive_index = 1.3375;   ///< of aqueous humour and cornea as one; 1 = no refraction
  double kappa_horizontal_deg = 0.0;  ///< of the visual axis, positive to image right in a frontal image
  double kappa_vertical_deg = 0.0;    ///< positive up
  std::uint64_t appearance_seed = 1;  ///< iris fibres, skin, lashes

  /// Height of the limbus plane: where the corneal sphere has the limbus radius.
  [[nodiscard]] double limbus_plane_mm() const;
  [[nodiscard]] double apex_mm() const { return cornea_center_mm + cornea_radius_mm; }
  /// invalid_option naming each value outside what the renderer can draw.
  [[nodiscard]] Result<void> validate() const;
};

/// An eye drawn from the population: eyeball 11.5-12.5, cornea 7.5-8.1, limbus 5.7-6.1, pupil plane 9.4-10.5,
/// corneal centre 4.9-5.9 mm; cornea and eyeball meet at the limbus. The same seed gives the same eye.
EyeAnatomy sample_anatomy(std::uint64_t seed, bool with_kappa = false);

}  // namespace yarbus::simulation
