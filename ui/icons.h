#pragma once

#include <QIcon>
#include <QString>

namespace yarbus::ui {

/// A tool icon of resources/icons/tools, drawn at any size in the text colour of the palette in force when it
/// is painted, so that it follows a change between light and dark. `name` without ".svg".
QIcon tool_icon(const QString& name);

/// The application's own icon.
QIcon app_icon();

}  // namespace yarbus::ui
