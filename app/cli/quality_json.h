#pragma once

#include <nlohmann/json.hpp>

#include "app/session/session_quality.h"

namespace yarbus::cli {

/// A session's data quality for programs: every key has its unit in its name, what was not measured is null
/// (docs/analysis.md). Pure.
nlohmann::json quality_json(const SessionQualityReport& report);

}  // namespace yarbus::cli
