#pragma once

#include <QString>
#include <QStringList>

#include "eyemodel/types/gaze_sample.h"

namespace yarbus::ui {

/// What a webcam shows of a face, in words. Pure functions.

/// Why there is no gaze, and what to do: "no face: look towards the camera".
QString face_miss_text(FaceMissReason reason);

/// Sure enough for a calibration to use it; an iris below is drawn dotted.
bool is_sure(const IrisObservation& eye);

/// "both irises followed, confidence 0.93", "right iris followed, confidence 0.90; left eye hidden",
/// "irises unsure, confidence 0.21: more light, or open the eyes", "eyes closed: blink", or why there is
/// none. Empty for a sample that is not a webcam's.
QString face_text(const GazeSample& sample);

/// "head 58 cm away, turned 12° right, 4° up", "head 61 cm away, facing the camera"; right and left as in the
/// image. Empty without a head.
QString head_text(const GazeSample& sample);

/// Of one eye: "iris followed, confidence 0.93, 61 % open", "iris unsure, ...", "hidden", "closed", "not
/// seen". Empty as above.
QString face_eye_text(const GazeSample& sample, EyeSide side);

/// The pair that the sample shows; null: none, or not a webcam's.
const IrisPair* iris_pair_of(const GazeSample& sample);

}  // namespace yarbus::ui
