#pragma once

#include "app/cli/track_command.h"

namespace yarbus::cli {

/// `yarbus track --mode webcam`: both irises of a face, its head, and with a calibration gaze on the screen.
/// Returns the exit code.
int run_track_face(const TrackArguments& arguments);

}  // namespace yarbus::cli
