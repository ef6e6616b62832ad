#include "ui/report/plot_style.h"

namespace yarbus::ui {

QPalette paper_palette() {
  QPalette palette;
  palette.setColor(QPalette::Window, Qt::white);
  palette.setColor(QPalette::Base, Qt::white);
  palette.setColor(QPalette::WindowText, QColor(25, 25, 30));
  palette.setColor(QPalette::Text, QColor(25, 25, 30));
  return palette;
}

QFont plot_font(int pixel_size, bool bold) {
  QFont font;
  font.setPixelSize(pixel_size);
  font.setBold(bold);
  return font;
}

bool is_dark(const QPalette& palette) {
  return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

CurveColors curve_colors(const QPalette& palette) {
  if (is_dark(palette)) {
    return {QColor(98, 176, 255), QColor(255, 165, 96), QColor(96, 212, 160), QColor(190, 168, 255),
            QColor(235, 235, 245, 90)};
  }
  return {QColor(11, 99, 196), QColor(188, 76, 4), QColor(18, 120, 72), QColor(104, 70, 190),
          QColor(60, 60, 80, 90)};
}

void style_axis_rect(QCPAxisRect& rect, const QPalette& palette, const QFont& font) {
  const QColor text = palette.color(QPalette::Text);
  QColor line = text;
  line.setAlphaF(0.35F);
  QColor grid = text;
  grid.setAlphaF(0.12F);
  rect.setBackground(QBrush(palette.color(QPalette::Base)));
  for (QCPAxis* axis : rect.axes()) {
    axis->setTickLabelFont(font);
    axis->setLabelFont(font);
    axis->setTickLabelColor(text);
    axis->setLabelColor(text);
    axis->setBasePen(QPen(line));
    axis->setTickPen(QPen(line));
    axis->setSubTicks(false);
    axis->setTickLengthIn(0);
    axis->setTickLengthOut(3);
    axis->grid()->setPen(QPen(grid));
    axis->grid()->setZeroLinePen(Qt::NoPen);
    axis->setLabelPadding(3);
  }
}

void style_blink_shading(QCPGraph& graph, const QPalette& palette) {
  const QColor color = curve_colors(palette).blink;
  graph.setPen(Qt::NoPen);
  graph.setBrush(QBrush(color, Qt::BDiagPattern));
}

QCPGraph* add_blink_shading(QCustomPlot& plot, QCPAxisRect& rect, const QPalette& palette) {
  QCPAxis* hidden = rect.axis(QCPAxis::atRight);
  if (hidden == nullptr) hidden = rect.addAxis(QCPAxis::atRight);
  hidden->setVisible(false);
  hidden->setRange(0.0, 1.0);
  QCPGraph* graph = plot.addGraph(rect.axis(QCPAxis::atBottom), hidden);
  graph->setLineStyle(QCPGraph::lsStepLeft);
  graph->setAdaptiveSampling(false);
  style_blink_shading(*graph, palette);
  return graph;
}

}  // namespace yarbus::ui
