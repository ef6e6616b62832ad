#pragma once

#include <QSettings>

#include "app/session/session.h"
#include "ui/eye_commands.h"
#include "ui/main_window_app.h"
#include "ui/message_bar.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// What the window opens when it begins: what was asked for, else what was open last; else nothing, and the
/// start page asks. Says in words what has gone.
void open_at_start(const WindowOptions& options, QSettings& settings, EyeCommands& commands,
                   MessageBar& messages, const WindowActions& actions);

}  // namespace yarbus::ui
