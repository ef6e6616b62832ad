#include "app/export/session/gaze_eyes.h"

#include <algorithm>

namespace yarbus {

bool GazeEyes::has_all_poses() const {
  return count > 0 && std::all_of(begin(), end(), [](const GazeEye& eye) { return eye.pose != nullptr; });
}

GazeEyes eyes_of(const ExportRun& run, const SessionChunk& chunk, const GazeRow& gaze) {
  GazeEyes found;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    if (!gaze.gaze.uses(side)) continue;
    GazeEye& eye = found.eyes[found.count++];
    eye.side = side;
    eye.camera = run.eye_camera(side);
    if (eye.camera == nullptr) continue;
    const int camera = eye.camera->camera;
    const bool is_own_frame = camera == gaze.camera;
    eye.pupil =
        is_own_frame ? chunk.pupil_of(camera, gaze.captured_at) : chunk.pupil_near(camera, gaze.captured_at);
    eye.pose =
        is_own_frame ? chunk.pose_of(camera, gaze.captured_at) : chunk.pose_near(camera, gaze.captured_at);
  }
  return found;
}

}  // namespace yarbus
