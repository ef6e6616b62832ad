#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/session/calibration_view.h"
#include "calibration/mapping/calibration_file.h"
#include "calibration/procedure/procedure_snapshot.h"
#include "calibration/validation/data_quality.h"

namespace yarbus {

/// From the engines' terms to the words and numbers that people see. Pure functions.

EyeGateView view_of(const EyeGate& gate);
PointView view_of(const PointResult& point);
FindingView view_of(const Finding& finding);

/// How good a calibration is, in words, and what would help.
struct CalibrationAssessment {
  CalibrationGrade grade = CalibrationGrade::not_validated;
  std::string verdict;
  std::vector<std::string> advice;  ///< most useful first
};

/// Method: good up to 1.0 deg of validated accuracy with at most 20 % of the frames lost, fair up to 2.0,
/// else poor. Advice comes from what was found, data loss, precision, targets that stand out, and the
/// difference between the eyes.
CalibrationAssessment assess_calibration(const CalibrationRecord& record,
                                         const std::optional<QualityReport>& quality);

/// Everything of a calibration to show. `quality`: of the chosen mapper at the validation's targets.
CalibrationResult describe_calibration(const std::string& path, const SavedCalibration& saved,
                                       const MapperChoice& choice,
                                       const std::optional<QualityReport>& quality);

/// "right: Pupil Cam2 ID0 400x400".
std::string describe_cameras(const CalibrationSetup& setup);

}  // namespace yarbus
