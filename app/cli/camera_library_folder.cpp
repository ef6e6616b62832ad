#include "app/cli/camera_library_folder.h"

#include <cstdlib>
#include <filesystem>

namespace yarbus::cli {

std::string camera_library_folder() {
  const auto below = [](const std::filesystem::path& config) {
    return (config / "yarbus" / "cameras").string();
  };
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config == '/')
    return below(config);
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
    return below(std::filesystem::path(home) / ".config");
  return {};
}

}  // namespace yarbus::cli
