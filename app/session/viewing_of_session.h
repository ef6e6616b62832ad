#pragma once

#include <optional>

#include "app/recording/recorded_session.h"
#include "app/viewing/viewing_results.h"

namespace yarbus {

/// The last viewing of a session, with the gaze and the fixations of that analysis; unset: of the newest that
/// has gaze while pictures were shown. With two eyes the fixations are those of the eye that has more of
/// them; gaze is of both together. Deterministic. Errors: input_empty (the session holds no viewing),
/// invalid_option (no such analysis), the session's.
Result<ViewingResults> viewing_results_of(const RecordedSession& session, std::optional<AnalysisId> analysis);

}  // namespace yarbus
