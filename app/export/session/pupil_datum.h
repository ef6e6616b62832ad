#pragma once

#include <optional>
#include <string>

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
/// As gaze(): "gaze.3d.0." and the like.
std::string gaze_topic(const GazeEyes& eyes);
/// A blink's onset or offset, with the pupil of that frame. `around`: the rows about it. What the session
/// does not know is NaN.
nlohmann::json blink(const ExportRun& run, const EventRow& event, bool is_onset, const SessionChunk& around);
/// Nullopt for one that is not told on a screen. `during`: the rows from its start to its end; its base are
/// the topics and times of their gaze. What the session does not know is NaN.
std::optional<nlohmann::json> fixation(const ExportRun& run, const EventRow& event,
                                       const SessionChunk& during);
nlohmann::json annotation(const AnnotationRow& row);

}  // namespace yarbus::pupil_labs
