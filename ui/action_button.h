#pragma once

#include <QAction>
#include <QToolButton>

namespace yarbus::ui {

/// A button for an action, as wide as the panel it stands in, reached by the Tab key.
QToolButton* button_for(QAction* action, QWidget* parent);

}  // namespace yarbus::ui
