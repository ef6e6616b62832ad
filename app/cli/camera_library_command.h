#pragma once

#include "app/cli/calibrate_camera_command.h"

namespace yarbus::cli {

/// `yarbus calibrate-camera` with --list, --import, --export or --delete. Returns the exit code.
int run_camera_library(const CalibrateCameraArguments& arguments);

/// Today, as the library keeps it: "2031-02-03", UTC.
std::string date_of_today();

}  // namespace yarbus::cli
