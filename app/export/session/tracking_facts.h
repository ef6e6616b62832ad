#pragma once

#include <optional>

#include "app/export/session/session_chunks.h"

namespace yarbus {

/// What a session's own words tell of how an eye's pupils were found: the analysis's options, of the
/// recording's own results the setting "<side>_eye". Unset: nothing is known, and nothing may be said.
struct TrackingFacts {
  std::optional<bool> is_bright_pupil;
  std::optional<bool>
      is_corrected_for_refraction;  ///< the pupil's size is that of the pupil behind the cornea
};

/// Errors: the source's.
Result<TrackingFacts> tracking_facts(const ExportRun& run, EyeSide eye);

}  // namespace yarbus
