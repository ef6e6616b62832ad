#pragma once

#include "app/recording/session_rows.h"
#include "calibration/procedure/procedure_frame.h"
#include "eyemodel/types/gaze_sample.h"

namespace yarbus {

/// What a session keeps of one sample, row by row. Pure functions; no analysis is named yet.

/// Of an eye camera.
PupilRow pupil_row_of(const GazeSample& sample, int camera);
/// YARBUS_CHECK: the sample has a pose.
PoseRow pose_row_of(const GazeSample& sample, int camera);
/// YARBUS_CHECK: the sample has a model.
ModelRow model_row_of(const GazeSample& sample, int camera);
/// Of a webcam. YARBUS_CHECK: a face was looked for.
FaceRow face_row_of(const GazeSample& sample, int camera);
GazeRow gaze_row_of(const GazeSample& sample, int camera, const GazePoint& gaze, double confidence);

/// Mean over the eyes that have a ray, 0..1; 0 without any.
double mean_confidence_of(const GazeRays& rays);

}  // namespace yarbus
