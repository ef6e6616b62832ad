#pragma once

#include <Eigen/Core>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/ellipse.h"

namespace yarbus::simulation {

/// The ellipse that a circle in space is seen as. Frames & units: cam (mm) -> image (px), without a lens's
/// distortion. Method: the plane's homography carries the circle's conic into the image. Precondition: the
/// circle is in front of the camera and not seen edge-on.
Ellipse image_of_circle(const Eigen::Vector3d& center_in_cam_mm, const Eigen::Vector3d& normal_in_cam,
                        double radius_mm, const CameraIntrinsics& camera);

}  // namespace yarbus::simulation
