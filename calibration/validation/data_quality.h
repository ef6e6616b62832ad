#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "calibration/mapping/gaze_mapper.h"

namespace yarbus {

/// One frame while a target was shown. Frames & units: screen, unit directions from the eye.
struct DirectedGaze {
  CaptureTime captured_at{};
  std::optional<Eigen::Vector3d> gaze_in_screen;  ///< absent: data loss
  Eigen::Vector3d target_in_screen = Eigen::Vector3d::UnitZ();
};

/// Of one target, over its frames (docs/calibration-mapping.md has the formulae).
struct TargetQuality {
  int target = 0;
  int frames = 0;
  int valid = 0;
  double window_s = 0.0;
  double data_loss_percent = 0.0;
  double effective_hz = 0.0;  ///< valid frames over the window
  // The following are absent where there is nothing to measure: no valid frame, or for the scatter only one.
  std::optional<double> accuracy_deg;  ///< between the mean gaze vector and the target
  std::optional<double> rms_s2s_deg;   ///< of steps between frames that follow each other
  std::optional<double> std_deg;
  std::optional<double> bcea_deg2;                       ///< 68 %
  Eigen::Vector2d offset_deg = Eigen::Vector2d::Zero();  ///< mean gaze from the target: right, up
};

/// Frames must come by rising time. The window runs from the first frame to one mean interval after the last.
/// Azimuth and elevation are those of the screen's frame. NaN counts as loss.
TargetQuality measure_target(int target, std::span<const DirectedGaze> frames);

/// As Pupil's accuracy visualiser has it, for comparison: errors above 5 degrees dropped, accuracy =
/// acos(mean cos error), precision = RMS of successive angles under 0.5 degrees. Absent: no frame counts.
struct PupilAccuracy {
  std::optional<double> accuracy_deg;
  std::optional<double> precision_deg;
  int used = 0;
};
PupilAccuracy measure_as_pupil(std::span<const DirectedGaze> frames);

/// Of one eye, or both: the means over targets that have the value.
struct QualityOfEyes {
  std::vector<TargetQuality> targets;
  std::optional<double> accuracy_deg;
  std::optional<double> worst_accuracy_deg;
  std::optional<double> rms_s2s_deg;
  std::optional<double> std_deg;
  std::optional<double> bcea_deg2;
  double data_loss_percent = 0.0;  ///< of all frames
  double effective_hz = 0.0;       ///< of all windows together
  double window_s = 0.0;           ///< mean of a target's
  PupilAccuracy as_pupil;
};
QualityOfEyes summarise_quality(std::vector<TargetQuality> targets);

struct QualityReport {
  std::array<std::optional<QualityOfEyes>, 2> eyes;  ///< by EyeSide; absent: the mapper does not know the eye
  QualityOfEyes both;                                ///< with every eye that is there
  /// Mean over the eyes that are there, as data quality is reported.
  std::optional<double> mean_accuracy_of_eyes_deg;
  /// Share (0..1) of frames whose stated 68 % region holds the target, with every eye.
  std::optional<double> coverage_68;
};

/// What a mapper does at targets (best: other ones than it was fitted to). Samples must come by rising time
/// within each target; those without an eye count as loss.
QualityReport measure_quality(const GazeMapper& mapper, std::span<const CalibrationSample> samples,
                              const std::array<std::optional<Eigen::Vector3d>, 2>& eyes_in_screen_mm);

}  // namespace yarbus
