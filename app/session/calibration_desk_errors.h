#pragma once

#include "eyemodel/types/calibration_terms.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// What both files of the calibration desk ask and answer.

inline bool is_under_way(ProcedurePhase phase) {
  return phase != ProcedurePhase::idle && phase != ProcedurePhase::done && phase != ProcedurePhase::aborted;
}

inline Error no_calibration() {
  return {ErrorCode::invalid_option, "gaze on the screen is not calibrated", "",
          "Calibrate first, or load a saved calibration"};
}

inline Error no_procedure() {
  return {ErrorCode::invalid_option, "no calibration is under way", "", "Start one"};
}

}  // namespace yarbus
