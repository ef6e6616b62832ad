#pragma once

#include <string>

#include "app/export/session/export_folder.h"
#include "app/export/session/session_chunks.h"

namespace yarbus {

/// `pupil_recording`: <YYYY_MM_DD>/000/ as Pupil Capture leaves it: info.player.json, user_info.csv, of each
/// near-eye camera the video as recorded with its timestamps and intrinsics, and pupil, gaze, blinks,
/// fixations and annotation data. A webcam's video is not a scene video and stays out.
Result<void> write_pupil_recording(const ExportRun& run, ExportFolder& folder);

/// The id itself if it is a UUID; else one made from it.
std::string uuid_from(const std::string& id);

}  // namespace yarbus
