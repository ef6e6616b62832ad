#pragma once

#include <optional>

#include "calibration/procedure/procedure_frame.h"
#include "eyemodel/types/gaze_sample.h"

namespace yarbus {

/// What calibration and mapping take from one eye's sample.

/// The eye's ray; absent without a pose and in a blink. A pose that states no uncertainty (stages before
/// `refraction`) has a covariance of zero. No heap.
std::optional<EyeRay> eye_ray_of(const GazeSample& sample);

/// Everything else about the eye in that frame; `is_tracked` is set. The image's mean is taken from every
/// eighth pixel of every eighth row. No heap.
EyeStatus eye_status_of(const GazeSample& sample);

/// A webcam's sample as a frame of both eyes. The rays follow from the face by the population's anatomy; an
/// eye that is shut or hidden has none. No heap.
ProcedureFrame face_frame_of(const GazeSample& sample);

/// Puts one eye's sample into a frame of both.
inline void put_eye(ProcedureFrame& frame, EyeSide side, const GazeSample& sample) {
  frame.rays.eyes[index_of(side)] = eye_ray_of(sample);
  frame.status[index_of(side)] = eye_status_of(sample);
}

}  // namespace yarbus
