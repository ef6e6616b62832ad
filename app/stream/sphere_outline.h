#pragma once

#include <optional>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/ellipse.h"

namespace yarbus {

/// The outline of a sphere as a camera sees it.
/// Frames & units: cam (mm) -> undistorted image (px). Method: the cone of rays that touch the sphere, cut by
/// the image plane: exact. Errors: nullopt if the camera is in the sphere or the outline is no ellipse (it
/// reaches behind the camera). Threads: concurrent-safe. Cost: below 1 us, no heap.
std::optional<Ellipse> sphere_outline(const Eigen::Vector3d& center_in_cam_mm, double radius_mm,
                                      const CameraIntrinsics& intrinsics);

}  // namespace yarbus
