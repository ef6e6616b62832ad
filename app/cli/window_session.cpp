#include "app/cli/window_session.h"

#include <filesystem>

#include "app/cli/library_folders.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus::cli {

Result<std::unique_ptr<Session>> make_window_session(const WindowCommand& command) {
  std::optional<RigidTransform> geometry;
  if (!command.right_from_left_file.empty()) {
    const auto read = read_right_from_left(command.right_from_left_file);
    if (!read) return read.error();
    geometry = *read;
  }
  SessionOptions options{camera_library_folder(), calibration_library_folder(), {}};
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
