#pragma once

#include "app/session/calibration_view.h"

namespace yarbus::test {

/// 531 x 299 mm, 1920 x 1080 px, seen from 60 cm.
ScreenGeometry example_screen();
/// A grid of three by three points and four of validation: point 4 is poor, point 6 missing; the
/// validation's wait.
std::vector<PointView> example_points();
/// A finished calibration of two eyes with everything that can be said of one.
std::shared_ptr<CalibrationResult> example_result();
/// The procedure at that point of the calibration, with that step.
CalibrationSnapshot example_targets(int target, int point, TargetStep step);
/// Waiting for a person after the points of example_points().
CalibrationSnapshot example_review();
/// The right eye ready, the left not.
CalibrationSnapshot example_gate();
/// Gaze in the middle of the screen with a sigma of 4 mm.
ScreenGazeSnapshot example_gaze();

}  // namespace yarbus::test
