#pragma once

#include "app/recording/session_rows.h"
#include "app/session/session.h"
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
/// Gaze on the screen of one frame.
GazeRow gaze_row(int camera, std::uint64_t sequence, CaptureTime captured_at, const GazePoint& gaze,
                 double confidence);

/// A source as a session's camera.
SessionCamera session_camera(int camera, const SourceSnapshot& source, const CameraIntrinsics& intrinsics,
                             EyeSide eye);

}  // namespace yarbus
