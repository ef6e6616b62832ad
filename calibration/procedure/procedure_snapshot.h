#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "calibration/procedure/find_faults.h"
#include "calibration/procedure/point_result.h"
#include "calibration/procedure/start_gate.h"
#include "eyemodel/types/calibration_terms.h"

namespace yarbus {

/// Everything that a window, a script or a network client needs to draw or tell. Immutable once made.
struct ProcedureSnapshot {
  ProcedurePhase phase = ProcedurePhase::idle;
  bool is_paused = false;
  std::optional<TargetView> target;  ///< unset: draw none
  double progress = 0.0;             ///< 0..1 of all points, validation included
  double time_left_s = 0.0;          ///< estimate at the pace so far
  std::array<EyeGate, 2> gate;       ///< indexed by EyeSide
  std::string gate_text;
  double gate_progress = 0.0;         ///< 0..1 of the time that the gate must be open
  bool can_go_on = false;             ///< in review: accept() passes over what was found
  std::vector<PointResult> points;    ///< calibration, then validation
  std::vector<Finding> findings;      ///< in force and, marked so, resolved ones
  std::vector<std::string> messages;  ///< what happened, oldest first, at most 20
};

}  // namespace yarbus
