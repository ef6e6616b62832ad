#pragma once

#include "app/session/track_file.h"

namespace yarbus::cli {

/// What was found in one eye's frames, in words on standard output.
void print_summary(const TrackSummary& summary);
/// How long its frames took.
void print_timings(const TrackSummary& summary);

}  // namespace yarbus::cli
