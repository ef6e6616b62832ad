#pragma once

#include <QString>

#include "app/session/session.h"

namespace yarbus::ui {

/// What a camera looks at, in words. Pure functions.

/// A webcam's source is open: gaze comes from both irises, and there is neither pupil nor eye model.
bool is_webcam(const EyeSnapshot& snapshot);

/// "Webcam (face)", "Eye camera (pupil)", "Recognise again".
QString mode_name(TrackingMode mode);
/// What the mode is for, one sentence.
QString mode_explanation(TrackingMode mode);

/// "webcam (face): one face is seen", "eye camera (pupil): as asked"; empty without an open source.
QString mode_text(const SourceSnapshot& source);

/// In place of the eye model's state: "2 faces: click to choose", "nothing moves in this face: a
/// photograph?", "head 58 cm away, facing the camera". Empty unless a webcam shows frames.
QString webcam_text(const EyeSnapshot& snapshot);

/// One or two words on one eye for the eye selector: "followed", "unsure", "hidden", "blink".
QString webcam_eye_state(const EyeSnapshot& snapshot, EyeSide side);

/// Why an action that needs an eye model is not there.
QString only_for_eye_cameras();

}  // namespace yarbus::ui
