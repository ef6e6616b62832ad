#include "app/cli/devices_command.h"

#include <cstdio>

#include "app/cli/exit_codes.h"
#include "app/session/session.h"

namespace yarbus::cli {

int run_devices() {
  const auto cameras = make_session()->list_cameras();
  if (cameras.empty()) {
    std::puts(
        "No camera found. Plug one in; `yarbus track` and the window also open video files, folders of "
        "images and MJPEG streams.");
    return exit_success;
  }
  for (const CameraChoice& camera : cameras) {
    std::printf("%s  %s\n", camera.path.c_str(), camera.name.c_str());
    if (!camera.is_readable) {
      std::puts(
          "    no permission: add yourself to the `video` group (sudo usermod -aG video $USER) and log in "
          "again");
    }
    for (const std::string& format : camera.formats) std::printf("    %s\n", format.c_str());
  }
  return exit_success;
}

}  // namespace yarbus::cli
