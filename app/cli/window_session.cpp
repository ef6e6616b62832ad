#include "app/cli/window_session.h"

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
  auto session = make_session({camera_library_folder(), calibration_library_folder()});
  session->set_camera_geometry(geometry);
  return session;
}

}  // namespace yarbus::cli
