#include "ui/scene_colors.h"

#include <QPolygonF>
#include <algorithm>
#include <cmath>

#include "ui/report/plot_style.h"

namespace yarbus::ui {

SceneColors scene_colors(const QPalette& palette) {
  const QColor text = palette.color(QPalette::Text);
  QColor line = text;
  line.setAlphaF(0.55F);
  QColor faint = text;
  faint.setAlphaF(0.16F);
  if (is_dark(palette)) {
    return {line,
            faint,
            QColor(214, 224, 240, 235),
            QColor(84, 104, 138, 225),
            QColor(96, 212, 160),
            QColor(8, 9, 12),
            QColor(64, 224, 255),
            QColor(255, 165, 96)};
  }
  return {line,
          faint,
          QColor(255, 255, 255, 240),
          QColor(166, 182, 206, 225),
          QColor(18, 120, 72),
          QColor(18, 20, 26),
          QColor(0, 110, 160),
          QColor(200, 84, 8)};
}

void paint_arrow_head(QPainter& painter, const QPointF& from, const QPointF& tip, const QColor& color) {
  constexpr double head_length = 11.0;
  constexpr double half_width = 4.5;
  const QPointF along = tip - from;
  const double length = std::hypot(along.x(), along.y());
  if (length < 1.0) return;
  const QPointF unit = along / length;
  const QPointF across(-unit.y(), unit.x());
  const double size = std::min(1.0, length / (2.0 * head_length));
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  painter.drawPolygon(QPolygonF{tip + unit * 3.0,
                                tip - unit * head_length * size + across * half_width * size,
                                tip - unit * head_length * size - across * half_width * size});
}

}  // namespace yarbus::ui
