#pragma once

#include <QPalette>
#include <QString>

namespace yarbus::ui {

/// Light or dark: as the desktop has it, or as the person chose for this application.
enum class Appearance { system, light, dark };

/// "system", "light", "dark": the names in the settings file. Anything else means system.
QString to_string(Appearance appearance);
Appearance appearance_from_string(const QString& name);

/// Sets the application's palette. `desktop_palette` is the one the application started with.
void apply_appearance(Appearance appearance, const QPalette& desktop_palette);

}  // namespace yarbus::ui
