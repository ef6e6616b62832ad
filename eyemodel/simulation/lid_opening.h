#pragma once

#include <array>

#include <Eigen/Core>

#include "eyemodel/simulation/corneal_optics.h"
#include "eyemodel/simulation/scene.h"

namespace yarbus::simulation {

/// The opening between the lids. The lids slide on a sphere about the rotation centre that just clears the
/// cornea; their margins are curves on it, from canthus to canthus.
/// Frames & units: head; azimuth (positive to image right) and elevation (positive up) seen from the eye's
/// centre, rad.
class LidOpening {
 public:
  explicit LidOpening(const Scene& scene);

  [[nodiscard]] double sphere_radius_mm() const { return radius_mm_; }
  /// Elevation of the margins; beyond the canthi both are those of the canthus.
  [[nodiscard]] double upper_rad(double azimuth_rad) const;
  [[nodiscard]] double lower_rad(double azimuth_rad) const;
  /// How far inside the opening a direction is, along the meridian: the lesser of the distances to the two
  /// margins; negative on a lid, and everywhere when the eye is closed.
  [[nodiscard]] double depth_rad(double azimuth_rad, double elevation_rad) const;
  /// How far the upper lid is below its posture in a straight-ahead gaze, rad.
  [[nodiscard]] double upper_lowered_rad() const { return lowered_rad_; }
  /// How much of what lies between the lids is the caruncle in the inner corner, 0..1.
  [[nodiscard]] float caruncle(double azimuth_rad) const;
  [[nodiscard]] double canthus_azimuth_rad() const { return canthus_rad_; }
  /// Point of the lid sphere in head, mm.
  [[nodiscard]] Eigen::Vector3d point_mm(double azimuth_rad, double elevation_rad) const;

 private:
  [[nodiscard]] double canthal_line_rad(double azimuth_rad) const;
  [[nodiscard]] double arched_rad(double azimuth_rad, double mid_rad, double skew, double order,
                                  double fullness) const;
  static constexpr int steps = 512;
  [[nodiscard]] double interpolated(const std::array<double, steps + 2>& table, double azimuth_rad) const;
  double radius_mm_;
  double canthus_rad_;
  double nasal_sign_;  ///< +1 if the nose is at positive azimuth
  double upper_mid_rad_;
  double lower_mid_rad_;
  double lowered_rad_;
  // The margins, tabulated from canthus to canthus: every pixel asks for them.
  std::array<double, steps + 2> upper_table_{};
  std::array<double, steps + 2> lower_table_{};
};

/// Radius of the sphere on which the lids slide, mm: it just clears the cornea.
double lid_sphere_radius_mm(const EyeAnatomy& eye);

/// Azimuth and elevation of a point seen from the eye's centre, rad.
Eigen::Vector2d azimuth_elevation_rad(const Eigen::Vector3d& point_in_head);

}  // namespace yarbus::simulation
