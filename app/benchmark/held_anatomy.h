#pragma once

#include <optional>
#include <span>

#include <Eigen/Core>

#include "eyemodel/fit/fit_eye_model.h"

namespace yarbus::benchmark {

/// A model of stage `refraction` with this eye, as if it were known exactly.
EyeModel known_eye(const CameraIntrinsics& intrinsics, const Eigen::Vector3d& eye_center_in_cam_mm,
                   const OpticalAnatomy& anatomy);

/// The eye centre that fits the frames best when the anatomy is held, from a start.
/// Method: Levenberg-Marquardt in the centre alone, by central differences; the product's predict() solves
/// each frame's gaze and pupil radius inside it, and the residuals are how far each edge point's ray, through
/// the cornea by Snell's law, meets the pupil's plane from its rim. Errors: nullopt if a frame has no pose.
std::optional<Eigen::Vector3d> center_with_held_anatomy(std::span<const FitFrame> frames,
                                                        const CameraIntrinsics& intrinsics,
                                                        const Eigen::Vector3d& start_in_cam_mm,
                                                        const OpticalAnatomy& anatomy);

}  // namespace yarbus::benchmark
