#pragma once

#include "app/export/session/export_folder.h"
#include "app/export/session/session_chunks.h"

namespace yarbus {

/// `pupil_csv`: exports/000/ with the files and columns of Pupil Player's raw data exporter:
/// pupil_positions.csv, gaze_positions.csv, blinks.csv, fixations.csv, annotations.csv and
/// world_timestamps.csv. A world index is that of the first camera's nearest frame.
Result<void> write_pupil_csv(const ExportRun& run, ExportFolder& folder);

}  // namespace yarbus
