#pragma once

#include <nlohmann/json_fwd.hpp>

#include "calibration/mapping/calibration_file.h"

namespace yarbus {

/// The record of a calibration as JSON, for calibration_file.cpp. Reading throws calibration_json::Fault.
nlohmann::json record_to_json(const CalibrationRecord& record);
CalibrationRecord record_from(const nlohmann::json& value);

}  // namespace yarbus
