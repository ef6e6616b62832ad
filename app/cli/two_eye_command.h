#pragma once

#include "app/cli/track_command.h"

namespace yarbus::cli {

/// Runs `yarbus track` for two eyes (`arguments.two_eyes` is set), after the checks that one eye needs too.
/// Returns the exit code: of the first eye that failed, if one did.
int run_track_two_eyes(const TrackArguments& arguments);

}  // namespace yarbus::cli
