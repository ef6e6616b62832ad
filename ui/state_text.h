#pragma once

#include <QString>

#include "app/session/session.h"

namespace yarbus::ui {

/// The state in words, as the status bar and panels show it. Pure functions of the snapshot.

/// "Right", "Left".
QString eye_name(EyeSide eye);

/// "no source open: press Ctrl+O or drop a file here", "opening demo.mp4", "camera lost, reconnecting to
/// ...", "playing", ...
QString source_text(const SourceSnapshot& source);

/// "pupil found, confidence 0.95", "pupil lost: blink", "looking for the pupil"; empty without a frame.
QString tracking_text(const EyeSnapshot& snapshot);

/// "eye model settled, ±0.3°", "eye model learning, ±8°: look around", "..., headset slipped 2 times,
/// followed"; of the other stages "eye model settled: edge fit of 83 frames, 0.41 px"; "collecting views of
/// the eye: 12 kept", ...; of a webcam what webcam_text() says; empty without a source.
QString model_text(const EyeSnapshot& snapshot);

/// One or two words for the eye selector: "no source", "tracking", "pupil lost", ...
QString short_state(const EyeSnapshot& snapshot);

/// What the 3-D view says until there is a model.
QString scene_waiting_text(const EyeSnapshot& snapshot);

/// "error: gaze 1.2°, outline 0.30 px, pupil −0.05 mm" of the sample against its truth; what is absent is
/// said
/// ("no gaze yet"). Empty unless the frame carries the truth.
QString truth_text(const EyeSnapshot& snapshot);
/// The parts alone, "gaze 1.2°, outline 0.30 px, pupil −0.05 mm".
QString errors_text(const TruthErrors& errors, bool has_model);

/// "both eyes", "left eye lost: right alone", "both eyes, gaze lines meet 412 mm away", ...; empty without a
/// source.
QString binocular_text(const EyeSnapshot& right, const EyeSnapshot& left, const BinocularSnapshot& both);

/// "keeping up", or what is lost and why.
QString health_text(const EyeSnapshot& snapshot);

/// "Edge distance (most exact)" and so on, for choosers.
QString stage_name(FitStage stage);

}  // namespace yarbus::ui
