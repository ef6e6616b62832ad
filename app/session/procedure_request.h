#pragma once

#include "app/session/calibration_view.h"
#include "calibration/procedure/target_plan.h"

namespace yarbus {

/// What the procedure is asked for. `sees_head`: the camera sees the head move (a webcam, and no check of one
/// point), which the head pass needs. Without a seed a random one.
ProcedureRequest procedure_request(const CalibrationRequest& request, bool sees_head);

}  // namespace yarbus
