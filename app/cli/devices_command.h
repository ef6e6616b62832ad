#pragma once

namespace yarbus::cli {

/// `yarbus devices`: the cameras present, with their formats, on standard output. Returns the exit code.
int run_devices();

}  // namespace yarbus::cli
