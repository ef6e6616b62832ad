#pragma once

#include <string>

namespace yarbus::cli {

/// Where the user's calibrated cameras are kept: $XDG_CONFIG_HOME/yarbus/cameras, else
/// ~/.config/yarbus/cameras; empty if neither is set.
std::string camera_library_folder();

/// Where calibrations of gaze are kept: $XDG_DATA_HOME/yarbus/calibrations, else ~/.local/share/yarbus/...;
/// empty without a home.
std::string calibration_library_folder();

/// Where sessions are recorded: $XDG_DATA_HOME/yarbus/sessions, else ~/.local/share/yarbus/...; empty without
/// a home.
std::string session_library_folder();

}  // namespace yarbus::cli
