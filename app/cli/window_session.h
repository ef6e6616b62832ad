#pragma once

#include <memory>

#include "app/cli/command_line.h"
#include "app/session/session.h"

namespace yarbus::cli {

/// The session the window looks at, with what the command line says of its cameras. Errors: the file's.
Result<std::unique_ptr<Session>> make_window_session(const WindowCommand& command);

}  // namespace yarbus::cli
