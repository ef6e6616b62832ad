#pragma once

#include "app/recording/recorded_session.h"
#include "app/session/session_quality.h"

namespace yarbus {

/// Measures a session's data quality with the results of one analysis. Accuracy needs targets, so it is that
/// of the calibrations' validations; precision is measured in the fixations besides. Deterministic.
/// Errors: invalid_option (no such analysis), the session's.
Result<SessionQualityReport> measure_session(const RecordedSession& session, AnalysisId analysis);

}  // namespace yarbus
