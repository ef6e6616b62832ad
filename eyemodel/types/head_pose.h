#pragma once

#include <Eigen/Core>

#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus {

/// Of a pose: a small turn of the head about the camera's axes (rad), then its shift in the camera (mm).
using PoseCovariance = Eigen::Matrix<double, 6, 6>;

/// Where a head is before a webcam. Frames & units: cam, mm; head: origin in the middle of the skull at the
/// height of the eyes, and as a camera before the face sees it x to image right, y down, z into the head. An
/// upright face that looks into the camera has the rotation of identity. All lengths rest on the assumed
/// width of the head until a scale is known.
struct HeadPose {
  CaptureTime at{};
  RigidTransform cam_from_head;
  PoseCovariance covariance = PoseCovariance::Zero();
  double rms_px = 0.0;  ///< of the features that were used
  int features = 0;     ///< that were used
};

}  // namespace yarbus
