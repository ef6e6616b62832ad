#pragma once

#include <optional>

#include <Eigen/Core>

#include "eyemodel/types/binocular_sample.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus {

/// A line of sight in some cam (mm): from the eye's rotation centre along a unit direction out of the eye.
struct GazeLine {
  Eigen::Vector3d origin_mm = Eigen::Vector3d::Zero();
  Eigen::Vector3d direction = -Eigen::Vector3d::UnitZ();
  std::optional<Eigen::Matrix3d> direction_covariance;  ///< rad^2, zero along the direction itself
  Eigen::Matrix3d origin_covariance_mm2 = Eigen::Matrix3d::Zero();

  /// The optical axis of a sample's pose, in its own cam; the doubt of direction and centre where the pose has
  /// one. nullopt without a pose.
  static std::optional<GazeLine> of(const GazeSample& sample);
  [[nodiscard]] GazeLine transformed(const RigidTransform& a_from_b) const;
};

struct VergenceOptions {
  /// Lines that enclose less are parallel: at 0.5 degrees, eyes 63 mm apart meet 7 m away.
  double min_angle_rad = 0.5 * 0.017453292519943295;
};

/// The point where two gaze lines come nearest, and the gap they leave there.
/// Frames & units: both lines in one cam, mm. Method: s and t minimise |o_r + s d_r - o_l - t d_l|^2 (two
/// normal equations); the point is the middle of the two feet. Its covariance is J C J' with the exact
/// derivatives of that solution by each direction and origin; directions and origins, and the two eyes, are
/// taken as independent (a simplification: one model's direction and centre share their doubt), and the lines'
/// curvature over the doubt is neglected, so near `min_angle_rad` the covariance is an approximation.
/// These are optical axes: the lines of sight differ by kappa, about 5 degrees outwards in each eye.
/// Errors: parallel below `min_angle_rad`; diverging where either foot is not in front of its eye.
/// Threads: const, concurrent-safe. Cost: under 1 us, no heap.
VergenceOutcome vergence_of(const GazeLine& right, const GazeLine& left, const VergenceOptions& options = {});

/// The same for two samples, in the right eye's cam. Misses: one_eye if either has no pose, unknown_geometry
/// without a transform.
VergenceOutcome vergence_of(const GazeSample* right, const GazeSample* left,
                            const std::optional<RigidTransform>& right_cam_from_left_cam,
                            const VergenceOptions& options = {});

}  // namespace yarbus
