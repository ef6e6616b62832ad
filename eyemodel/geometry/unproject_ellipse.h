#pragma once

#include <array>
#include <optional>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/eye_model.h"

namespace yarbus {

/// The two circles of a given radius whose image is the ellipse.
/// Frames & units: ellipse in the undistorted image (px) -> circles in cam (mm), normals towards the camera.
/// For a circle seen head-on the two are the same. Method: the planes that cut the viewing cone in a circle,
/// from the cone's eigenvectors (Safaee-Rad et al. 1992, "Three-dimensional location estimation of circular
/// features for machine vision"); the centre is the pole of the plane's vanishing line. Errors: nullopt if
/// the ellipse is not valid. Threads: concurrent-safe. Cost: about 1 us, no heap.
std::optional<std::array<Circle3, 2>> unproject_ellipse(const Ellipse& ellipse,
                                                        const CameraIntrinsics& intrinsics, double radius_mm);

}  // namespace yarbus
