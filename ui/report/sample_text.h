#pragma once

#include <QString>
#include <QStringList>

#include <Eigen/Core>

#include "eyemodel/types/gaze_sample.h"

namespace yarbus::ui {

/// Where an optical axis points, as people say it. Frames & units: direction in cam -> degrees, azimuth
/// positive to image right, elevation positive up.
struct GazeAngles {
  double azimuth_deg = 0.0;
  double elevation_deg = 0.0;
};

/// azimuth = atan2(x, -z), elevation = atan2(-y, hypot(x, z)).
GazeAngles gaze_angles_of(const Eigen::Vector3d& direction_in_cam);

/// "12.3° right, 4.5° up", always with one decimal.
QString gaze_text(const Eigen::Vector3d& direction_in_cam);

/// What the detector said of the pupil, in words: "pupil found, confidence 0.95", "pupil lost: mostly
/// hidden".
QString outcome_text(const PupilOutcome& outcome);

/// What became of the pupil in this frame, blinks included: "pupil found, confidence 0.95", "pupil lost:
/// blink", ...; of a webcam what became of the face, as face_text().
QString pupil_text(const GazeSample& sample);

/// The caption's phrases: pupil, gaze and diameter, as far as they exist; of a webcam face and head.
QStringList caption_phrases(const GazeSample& sample);

}  // namespace yarbus::ui
