#pragma once

#include "ui/eye_commands.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// Each action that is one command to the eye shown gives it.
void connect_commands(const WindowActions& actions, EyeCommands& commands);

}  // namespace yarbus::ui
