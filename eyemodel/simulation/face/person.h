#pragma once

#include <array>
#include <cstdint>

#include <Eigen/Core>

#include "eyemodel/simulation/anatomy.h"
#include "eyemodel/types/frames.h"

namespace yarbus::simulation {

/// How far the lids stand open. Angles at the rotation centre, degrees up of straight ahead; lengths along
/// the lids' sphere, mm.
struct LidShape {
  double upper_deg = 21.0;  ///< height of the upper margin's top at straight-ahead gaze
  double lower_deg = -26.0;
  double inner_mm = 12.4;  ///< from the middle of the eye to the corner at the nose
  double outer_mm = 13.0;
  double tilt_mm = 0.8;  ///< the outer corner is higher than the inner one by this
  double lash_strength = 0.6;
  double crease_mm = 4.0;  ///< of the upper lid above its margin
};

/// Who sits before the camera. Frames & units: head (as in HeadPose), mm. Albedos are linear, 0..1.
struct Person {
  std::uint64_t seed = 1;
  // The skull: factors of the mean.
  double width_factor = 1.0;
  double height_factor = 1.0;
  double depth_factor = 1.0;
  double jaw_factor = 1.0;  ///< of the width below the cheekbones
  double nose_factor = 1.0;
  double brow_ridge_mm = 4.0;
  double cheek_mm = 4.0;
  double lip_factor = 1.0;
  double hairline_mm = -62.0;  ///< height at the forehead's middle
  double hair_thickness_mm = 9.0;
  double hair_length_mm = 20.0;  ///< how far below the eyes it reaches beside the head
  // What they look like.
  double skin_albedo = 0.45;
  double skin_contrast = 1.0;  ///< of blotches, pores and blemishes
  int freckles = 120;
  double hair_albedo = 0.06;
  double brow_albedo = 0.06;
  double brow_strength = 0.8;
  double brow_height_mm = 21.0;
  double stubble = 0.0;
  double clothes_albedo = 0.2;
  double iris_albedo = 0.09;
  double pupil_radius_mm = 1.9;
  std::array<EyeAnatomy, 2> eyes;  ///< by EyeSide
  std::array<Eigen::Vector3d, 2> eye_centers_in_head_mm;
  LidShape lids;
  // What they do.
  double fixation_sigma_deg = 0.3;  ///< of a fixation from its target, both axes together
  double latency_s = 0.2;
  double blink_interval_s = 4.0;

  [[nodiscard]] const EyeAnatomy& eye(EyeSide side) const { return eyes[static_cast<std::size_t>(side)]; }
  [[nodiscard]] const Eigen::Vector3d& eye_center_in_head_mm(EyeSide side) const {
    return eye_centers_in_head_mm[static_cast<std::size_t>(side)];
  }
  /// Of the sphere on which the lids lie, about the rotation centre: it clears the cornea.
  [[nodiscard]] double lid_radius_mm() const;
};

/// Draws person `seed`: distance between the eyes 63 +- 4 mm, limbus 5.85 +- 0.25 mm, eyeball 11.5-12.5 mm,
/// cornea 7.5-8.1 mm, kappa 5 +- 1 deg to the nose and 1.5 +- 0.5 deg up with differences between the eyes.
/// The same seed gives the same person.
Person draw_person(std::uint64_t seed);

}  // namespace yarbus::simulation
