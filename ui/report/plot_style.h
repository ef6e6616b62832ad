#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

#include "ui/report/custom_plot.h"

namespace yarbus::ui {

/// The four curves' colours, told apart by colour-blind people too and never by colour alone: elevation is
/// dashed and every panel carries its name.
struct CurveColors {
  QColor azimuth;
  QColor elevation;
  QColor diameter;
  QColor confidence;
  QColor blink;
};

/// Ink on paper, whatever the desktop's theme: for plots that become files.
QPalette paper_palette();
QFont plot_font(int pixel_size, bool bold = false);

bool is_dark(const QPalette& palette);
CurveColors curve_colors(const QPalette& palette);

/// One panel of a stack: axes in the palette's colours, quiet grid, ticks without clutter.
void style_axis_rect(QCPAxisRect& rect, const QPalette& palette, const QFont& font);

/// Hatched shading for blinks: a 0/1 step curve against the panel's hidden second axis (0..1).
QCPGraph* add_blink_shading(QCustomPlot& plot, QCPAxisRect& rect, const QPalette& palette);
void style_blink_shading(QCPGraph& graph, const QPalette& palette);

}  // namespace yarbus::ui
