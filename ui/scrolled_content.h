#pragma once

#include <QWidget>

namespace yarbus::ui {

/// Fills `panel` with `content`, which scrolls up and down when the panel is too low for it.
void fill_scrolled(QWidget& panel, QWidget* content);

}  // namespace yarbus::ui
