#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "calibration/mapping/fit_mappers.h"
#include "calibration/procedure/calibration_procedure.h"
#include "calibration/validation/data_quality.h"

namespace yarbus {

/// What the procedure asks for between targets: mappers fitted to its samples, or their score.
struct CalibrationWork {
  SamplesReady ready;
  ScreenGeometry screen;
  MapperOptions mappers;
  /// Samples of a calibration in force that stay: those outside a region that is calibrated anew. Their
  /// targets' numbers are below zero.
  std::vector<CalibrationSample> kept;
  std::shared_ptr<const MapperChoice> choice;  ///< For::score: what was fitted
};

/// What came of it.
struct CalibrationWorkDone {
  SamplesReady::For wanted = SamplesReady::For::fit;
  int id = 0;
  StageOutcome outcome;
  std::shared_ptr<const MapperChoice> choice;  ///< null: refused
  std::vector<CalibrationSample> calibration;  ///< what the choice was fitted to
  std::vector<CalibrationSample> validation;
  std::optional<QualityReport> quality;  ///< For::score: of the chosen mapper
};

/// Does the work: pure, some 10 to 200 ms, on any thread. Hand the outcome back with fit_finished() or
/// score_finished().
CalibrationWorkDone carry_out(CalibrationWork work);

/// Whether a place (screen, mm) lies in a region, its border included.
inline bool holds(const ScreenRegion& region, const Eigen::Vector2d& place_mm) {
  return (place_mm.array() >= region.low_mm.array()).all() &&
         (place_mm.array() <= region.high_mm.array()).all();
}

/// The samples of a calibration that lie outside a region (screen, mm), as `CalibrationWork::kept`.
std::vector<CalibrationSample> samples_outside(const std::vector<CalibrationSample>& samples,
                                               const ScreenRegion& region);

}  // namespace yarbus
