#pragma once

#include <QMenuBar>
#include <QToolBar>

#include "ui/window_actions.h"

namespace yarbus::ui {

/// Puts every action into the menu bar. `panels` show and hide the parts of the window.
void fill_menus(QMenuBar& bar, const WindowActions& actions, const QList<QAction*>& panels);

/// The most used actions, and between them what the camera looks at, the choice of the eye and the recording.
void fill_tool_bar(QToolBar& bar, const WindowActions& actions, QWidget* mode, QWidget* eyes,
                   QWidget* record);

}  // namespace yarbus::ui
