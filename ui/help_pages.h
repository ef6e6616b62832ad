#pragma once

#include <QDialog>

#include "ui/window_actions.h"

namespace yarbus::ui {

/// A non-modal page of all shortcuts, by group, made from the actions themselves.
QDialog* make_shortcuts_page(const WindowActions& actions, QWidget* parent);
/// The shortcuts page's text, as HTML.
QString shortcuts_html(const WindowActions& actions);

/// A non-modal page that leads from a camera to gaze on the screen.
QDialog* make_first_steps_page(const WindowActions& actions, QWidget* parent);
/// Its text, as HTML.
QString first_steps_html(const WindowActions& actions);

/// What Yarbus is, its version and its licences.
QDialog* make_about_page(QWidget* parent);
QString about_html();

}  // namespace yarbus::ui
