#pragma once

#include <Eigen/Core>

#include "eyemodel/simulation/anatomy.h"

namespace yarbus::simulation {

/// How an eye is turned. Frames: head, eye; unit directions.
struct EyeAim {
  Eigen::Matrix3d head_from_eye = Eigen::Matrix3d::Identity();  ///< x_in_head = head_from_eye * x_in_eye
  Eigen::Vector3d optical_axis_in_head = -Eigen::Vector3d::UnitZ();
  Eigen::Vector3d visual_axis_in_head = -Eigen::Vector3d::UnitZ();
};

/// The turn with which the visual axis, from the rotation centre, goes towards `wanted_in_head` (any length),
/// by Listing's law with straight ahead (-z) as the primary position. Beyond `limit_deg` off straight ahead
/// the optical axis stops. Method: the optical axis is turned by what the visual axis lacks until nothing
/// lacks. No heap.
EyeAim aim_eye(const EyeAnatomy& eye, const Eigen::Vector3d& wanted_in_head, double limit_deg = 42.0);

}  // namespace yarbus::simulation
