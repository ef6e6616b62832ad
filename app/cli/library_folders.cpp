#include "app/cli/library_folders.h"

#include <cstdlib>
#include <filesystem>

namespace yarbus::cli {
namespace {

/// Below the folder that the variable names, else below `usual` in the home folder; empty without either.
std::string below(const char* variable, const char* usual, const char* name) {
  const char* folder = std::getenv(variable);
  if (folder != nullptr && *folder == '/') return (std::filesystem::path(folder) / "yarbus" / name).string();
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
    return (std::filesystem::path(home) / usual / "yarbus" / name).string();
  return {};
}

}  // namespace

std::string camera_library_folder() { return below("XDG_CONFIG_HOME", ".config", "cameras"); }

std::string calibration_library_folder() { return below("XDG_DATA_HOME", ".local/share", "calibrations"); }

std::string session_library_folder() { return below("XDG_DATA_HOME", ".local/share", "sessions"); }

}  // namespace yarbus::cli
