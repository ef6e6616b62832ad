#include "ui/report/verdict_marks.h"

#include <algorithm>

#include "ui/report/plot_style.h"

namespace yarbus::ui {

namespace {

enum class Shape { tick, warning, cross, empty };

void paint_shape(QPainter& painter, const QPointF& center, double radius, Shape shape, const QColor& color,
                 const QColor& ink) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.translate(center);
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  QPen line(ink, 0.24 * radius, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
  switch (shape) {
    case Shape::tick:
      painter.drawEllipse(QPointF(), radius, radius);
      painter.setBrush(Qt::NoBrush);
      painter.setPen(line);
      painter.drawPolyline(QPolygonF({{-0.45 * radius, 0.02 * radius},
                                      {-0.12 * radius, 0.36 * radius},
                                      {0.48 * radius, -0.36 * radius}}));
      break;
    case Shape::warning:
      painter.drawPolygon(QPolygonF(
          {{0.0, -1.15 * radius}, {1.12 * radius, 0.85 * radius}, {-1.12 * radius, 0.85 * radius}}));
      painter.setPen(line);
      painter.drawLine(QPointF(0.0, -0.45 * radius), QPointF(0.0, 0.2 * radius));
      painter.drawPoint(QPointF(0.0, 0.58 * radius));
      break;
    case Shape::cross:
      painter.drawRect(QRectF(-0.95 * radius, -0.95 * radius, 1.9 * radius, 1.9 * radius));
      painter.setPen(line);
      painter.drawLine(QPointF(-0.45 * radius, -0.45 * radius), QPointF(0.45 * radius, 0.45 * radius));
      painter.drawLine(QPointF(-0.45 * radius, 0.45 * radius), QPointF(0.45 * radius, -0.45 * radius));
      break;
    case Shape::empty:
      painter.setBrush(Qt::NoBrush);
      painter.setPen(QPen(color, 0.24 * radius));
      painter.drawEllipse(QPointF(), 0.88 * radius, 0.88 * radius);
      break;
  }
  painter.restore();
}

QColor mark_ink(const QPalette& palette) { return is_dark(palette) ? QColor(20, 22, 26) : QColor(Qt::white); }

}  // namespace

QColor verdict_color(PointVerdict verdict, const QPalette& palette) {
  const bool dark = is_dark(palette);
  switch (verdict) {
    case PointVerdict::good:
      return dark ? QColor(96, 212, 160) : QColor(18, 120, 72);
    case PointVerdict::poor:
      return dark ? QColor(255, 190, 96) : QColor(176, 92, 4);
    case PointVerdict::missing:
      return dark ? QColor(255, 128, 128) : QColor(184, 28, 36);
    case PointVerdict::waiting:
      return dark ? QColor(150, 155, 165) : QColor(120, 125, 135);
  }
  return {};
}

QColor grade_color(CalibrationGrade grade, const QPalette& palette) {
  switch (grade) {
    case CalibrationGrade::good:
      return verdict_color(PointVerdict::good, palette);
    case CalibrationGrade::fair:
      return verdict_color(PointVerdict::poor, palette);
    case CalibrationGrade::poor:
      return verdict_color(PointVerdict::missing, palette);
    case CalibrationGrade::not_validated:
      return verdict_color(PointVerdict::waiting, palette);
  }
  return {};
}

void paint_verdict_mark(QPainter& painter, const QPointF& center, double radius, PointVerdict verdict,
                        const QPalette& palette) {
  const Shape shape = verdict == PointVerdict::good      ? Shape::tick
                      : verdict == PointVerdict::poor    ? Shape::warning
                      : verdict == PointVerdict::missing ? Shape::cross
                                                         : Shape::empty;
  paint_shape(painter, center, radius, shape, verdict_color(verdict, palette), mark_ink(palette));
}

void paint_grade_mark(QPainter& painter, const QRectF& area, CalibrationGrade grade,
                      const QPalette& palette) {
  const double radius = 0.42 * std::min(area.width(), area.height());
  const QColor color = grade_color(grade, palette);
  if (grade == CalibrationGrade::not_validated) {
    paint_shape(painter, area.center(), radius, Shape::empty, color, color);
    painter.save();
    QFont font = painter.font();
    font.setPixelSize(std::max(6, static_cast<int>(1.3 * radius)));
    font.setBold(true);
    painter.setFont(font);
    painter.setPen(color);
    painter.drawText(area, Qt::AlignCenter, "?");
    painter.restore();
    return;
  }
  const Shape shape = grade == CalibrationGrade::good   ? Shape::tick
                      : grade == CalibrationGrade::fair ? Shape::warning
                                                        : Shape::cross;
  paint_shape(painter, area.center(), radius, shape, color, mark_ink(palette));
}

}  // namespace yarbus::ui
