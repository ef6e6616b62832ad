#pragma once

#include <string>

namespace yarbus::cli {

/// Where the user's calibrated cameras are kept: $XDG_CONFIG_HOME/yarbus/cameras, else
/// ~/.config/yarbus/cameras; empty if neither is set.
std::string camera_library_folder();

}  // namespace yarbus::cli
