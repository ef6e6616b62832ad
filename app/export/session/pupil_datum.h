#pragma once

#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/export/session/gaze_eyes.h"
#include "app/export/session/session_chunks.h"

namespace yarbus::pupil_labs {

/// The 2-D datum of a frame; a miss has confidence 0 and an empty ellipse at the image's corner, as Pupil's.
nlohmann::json pupil_2d(const ExportRun& run, const PupilRow& row, const SessionCamera& camera);
/// The 3-D datum: everything of the 2-D datum and what the eye model makes of it.
nlohmann::json pupil_3d(const ExportRun& run, const PupilRow& row, const PoseRow& pose,
                        const SessionCamera& camera);
/// A gaze with the data of the eyes it rests on; nullopt without a screen, which norm_pos refers to.
std::optional<nlohmann::json> gaze(const ExportRun& run, const GazeRow& row, const GazeEyes& eyes);
/// Two of a blink: its onset and its offset.
std::vector<nlohmann::json> blink(const EventRow& event);
/// Nullopt for one that is not told on a screen.
std::optional<nlohmann::json> fixation(const ExportRun& run, const EventRow& event);
nlohmann::json annotation(const AnnotationRow& row);

}  // namespace yarbus::pupil_labs
