#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Gaze at one time: of one eye, or of both together (`version_series`).
/// Frames & units: any frame of reference that keeps still and whose y points down (cam, head, screen); the
/// direction need not be of unit length.
struct GazeDirectionSample {
  CaptureTime at{};
  Eigen::Vector3d direction = Eigen::Vector3d::Zero();
  bool is_valid = false;  ///< false: lost, in a blink or in its margins; the direction then means nothing

  /// Valid, finite and of some length.
  [[nodiscard]] bool is_usable() const {
    return is_valid && direction.allFinite() && direction.squaredNorm() > 1e-12;
  }
};

/// The looker's right and up at a direction: unit vectors across it.
struct GazeAxes {
  Eigen::Vector3d right;
  Eigen::Vector3d up;

  /// Axes at a unit direction; looking straight along y there is no right, and one is made up.
  static GazeAxes at(const Eigen::Vector3d& unit_direction);
};

/// A unit direction from angles: azimuth about the vertical (right positive), then elevation (up positive),
/// deg; both zero is +z.
Eigen::Vector3d direction_from_angles_deg(double azimuth_deg, double elevation_deg);

/// The way from one unit direction to another along the great circle: right and up at `from`, deg.
Eigen::Vector2d angular_step_deg(const Eigen::Vector3d& from, const Eigen::Vector3d& to);

/// Of three unit directions in a row, the middle one without a spike: the median, by component (Stampe 1993).
/// A single outlier vanishes, an edge stays.
Eigen::Vector3d median_direction(const Eigen::Vector3d& before, const Eigen::Vector3d& middle,
                                 const Eigen::Vector3d& after);

/// Every time must be later than the one before. Errors: input_unreadable with the first place where it is
/// not.
Result<void> check_times_rise(std::span<const GazeDirectionSample> series);

/// Median time between samples, s; 0 for fewer than two. What a camera loses now and then does not change it.
double typical_interval_s(std::span<const GazeDirectionSample> series);

/// Mean direction of two eyes sampled at the same times (YARBUS_CHECK on the lengths): valid where both are.
/// Errors: input_unreadable where the two times differ.
Result<std::vector<GazeDirectionSample>> version_series(std::span<const GazeDirectionSample> right,
                                                        std::span<const GazeDirectionSample> left);

}  // namespace yarbus
