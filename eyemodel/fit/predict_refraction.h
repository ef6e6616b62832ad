#pragma once

#include <optional>

#include "eyemodel/types/eye_model.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// The refraction stage's part of predict(): gaze, pupil radius and their covariance from one frame's edges,
/// or its ellipse alone, under a fixed model whose eye centre is at `eye_center_in_cam_mm`.
/// Method: three parameters (fit_turn). With H the normal matrix of the turn t and the shape x, the turn's
/// covariance is H_tt^-1 + K C K^T, K = -H_tt^-1 H_tx: the frame's own noise, and what the model's covariance
/// C leaves open. Errors: nullopt if the pupil's ray misses the eye or the result is not finite. Cost: under
/// 100 us, no heap.
std::optional<EyePose> predict_refraction(const EyeModel& model, const PupilObservation& undistorted,
                                          const Eigen::Vector3d& eye_center_in_cam_mm);

}  // namespace yarbus
