#pragma once

#include <QMenuBar>

#include "ui/window_actions.h"

namespace yarbus::ui {

/// Puts every action into the menu bar. `panels` show and hide the parts of the window.
void fill_menus(QMenuBar& bar, const WindowActions& actions, const QList<QAction*>& panels);

}  // namespace yarbus::ui
