#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calibration/procedure/find_faults.h"
#include "calibration/procedure/point_result.h"
#include "calibration/procedure/start_gate.h"

namespace yarbus {

enum class ProcedurePhase : std::uint8_t {
  idle,
  gate,         ///< waits until an eye is ready
  calibration,  ///< shows targets
  review,       ///< waits for a person: something is wrong
  fitting,      ///< waits for fit_finished()
  validation,   ///< shows the other targets
  scoring,      ///< waits for score_finished()
  done,
  aborted,
};

constexpr std::string_view to_string(ProcedurePhase phase) {
  constexpr std::array<std::string_view, 9> names{"idle",       "gate",    "calibration", "review", "fitting",
                                                  "validation", "scoring", "done",        "aborted"};
  return names[static_cast<std::size_t>(phase)];
}

enum class TargetStep : std::uint8_t {
  requested,  ///< the window must show it and report target_shown()
  settling,   ///< on the screen; reaction and saccade are waited for
  sampling,
};

/// The target to draw. Frames & units: screen, mm.
struct TargetView {
  int target = 0;  ///< number of the showing, for target_shown()
  int point = 0;
  TargetStep step = TargetStep::requested;
  Eigen::Vector2d position_in_screen_mm = Eigen::Vector2d::Zero();
  double shrink = 0.0;    ///< 0 full size, 1 a dot
  double progress = 0.0;  ///< 0..1 of the still gaze that it needs
  bool is_gaze_still = false;
  bool waits_for_key = false;
};

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
  std::vector<PointResult> points;    ///< calibration, then validation
  std::vector<Finding> findings;      ///< in force and, marked so, resolved ones
  std::vector<std::string> messages;  ///< what happened, oldest first, at most 20
};

}  // namespace yarbus
