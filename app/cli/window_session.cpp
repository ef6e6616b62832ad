#include "app/cli/window_session.h"

#include <cstdio>
#include <filesystem>

#include "app/cli/library_folders.h"
#include "app/cli/version.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus::cli {

Result<std::unique_ptr<Session>> make_window_session(const WindowCommand& command) {
  std::optional<RigidTransform> geometry;
  if (!command.right_from_left_file.empty()) {
    const auto read = read_right_from_left(command.right_from_left_file);
    if (!read) return read.error();
    geometry = *read;
  }
  const auto streams = command.streams.options();
  if (!streams) return streams.error();
  if (const std::string warning = *streams ? (*streams)->exposure_warning() : ""; !warning.empty())
    std::fprintf(stderr, "yarbus: %s\n", warning.c_str());
  SessionOptions options;
  options.camera_library = camera_library_folder();
  options.calibration_library = calibration_library_folder();
  options.session_library = session_library_folder();
  options.software_version = version();
  options.streams = *streams;
  // Beside the folder of calibrated cameras: both are about this user's cameras.
  if (!options.camera_library.empty()) {
    const std::filesystem::path cameras(options.camera_library);
    options.camera_modes_file = (cameras.parent_path() / "camera_modes.json").string();
  }
  auto session = make_session(options);
  session->set_camera_geometry(geometry);
  return session;
}

}  // namespace yarbus::cli
