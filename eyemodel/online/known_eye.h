#pragma once

#include <memory>

#include "eyemodel/fit/refraction_problem.h"
#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/eye_model.h"

namespace yarbus {

/// Are the images of both cameras alike: the same size, the focal length within 0.2 %, the principal point
/// within 1 px? Then a place in the one's frame is a place in the other's. Distortion is not compared, for
/// models live in the undistorted image.
bool is_same_camera(const CameraIntrinsics& a, const CameraIntrinsics& b);

/// A wearer's eye as known before the first frame.
struct KnownEye {
  EyeModelPtr model;       ///< with a covariance of full rank; null: nothing is known
  bool uses_place = true;  ///< false: only its anatomy is of use
};

/// What a background starts from when the wearer's eye is known from before: the anatomy and its covariance;
/// and the eye's place, opened by `slip_mm` (one standard deviation, for the headset was put on anew), if
/// `uses_place`, the camera is the same and the first pupil can be seen from there. Otherwise the place is as
/// `first_frame` has it. Frames & units: cam, mm; `ellipse` in the undistorted image of `pinhole`, px.
ShapePrior prior_from_known_eye(const EyeModel& known, bool uses_place, const ShapePrior& first_frame,
                                const Ellipse& ellipse, const CameraIntrinsics& pinhole, double slip_mm);

}  // namespace yarbus
