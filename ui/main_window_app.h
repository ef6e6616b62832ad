#pragma once

#include <memory>
#include <optional>

#include "app/session/session.h"

namespace yarbus::ui {

struct WindowOptions {
  std::optional<SourceRequest> open_at_start;  ///< else the last source, if it still exists
  EyeSide eye = EyeSide::right;
  bool opens_calibration = false;  ///< the wizard, right away
  bool starts_demo = false;        ///< the wizard with a simulated participant, who starts at once
  bool demo_is_webcam = false;     ///< that one sits before a webcam
};

/// Runs the window until it is closed. Creates its QApplication. Returns the process's exit code.
int run_window(int& argc, char** argv, std::unique_ptr<Session> session, const WindowOptions& options);

}  // namespace yarbus::ui
