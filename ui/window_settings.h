#pragma once

#include <QSettings>

#include "ui/appearance.h"
#include "ui/eye_commands.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// What the window remembers of its checked actions: what is drawn over the image, and the colours.
void save_choices(QSettings& settings, const WindowActions& actions);
/// Checks the actions as they were saved, or as they are at first.
void restore_choices(const QSettings& settings, WindowActions& actions);

/// Remembers what is opened, closed and taken for what from now on. Settings must outlive the commands.
void keep_sources(QSettings& settings, EyeCommands& commands);

/// Light, dark or the desktop's, as the actions have it.
Appearance chosen_appearance(const WindowActions& actions);

}  // namespace yarbus::ui
