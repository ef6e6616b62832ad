#include "ui/calibration/target_mark.h"

#include <algorithm>

namespace yarbus::ui {

namespace {

// Radii in degrees of visual angle.
constexpr double full_deg = 1.1;
constexpr double least_deg = 0.35;
constexpr double dot_deg = 0.09;
constexpr double ring_deg = 0.55;
constexpr double ring_width_deg = 0.12;
constexpr double least_px = 3.0;  ///< of the least disc, however far away the eyes are

}  // namespace

void paint_target(QPainter& painter, const QPointF& center, double degree_px, const TargetView& target) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const double scale = std::max(degree_px, least_px / least_deg);
  const double shrink = std::clamp(target.shrink, 0.0, 1.0);
  const double radius = scale * (full_deg + (least_deg - full_deg) * shrink);
  const QColor dark(16, 16, 20);
  const QColor bright(240, 240, 240);
  painter.setPen(Qt::NoPen);
  painter.setBrush(dark);
  painter.drawEllipse(center, radius, radius);
  const double dot = scale * dot_deg;
  painter.setPen(QPen(target_background, 1.6 * dot, Qt::SolidLine, Qt::FlatCap));
  painter.drawLine(center - QPointF(radius, 0.0), center + QPointF(radius, 0.0));
  painter.drawLine(center - QPointF(0.0, radius), center + QPointF(0.0, radius));
  painter.setPen(Qt::NoPen);
  painter.setBrush(dark);
  painter.drawEllipse(center, 2.0 * dot, 2.0 * dot);
  painter.setBrush(bright);
  painter.drawEllipse(center, dot, dot);
  if (target.step == TargetStep::sampling) {
    const double ring = scale * ring_deg;
    const QRectF box(center.x() - ring, center.y() - ring, 2.0 * ring, 2.0 * ring);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(108, 108, 108), scale * ring_width_deg));
    painter.drawEllipse(box);
    // Qt counts sixteenths of a degree against the clock, from three o'clock.
    constexpr int turn = 360 * 16;
    painter.setPen(QPen(target.is_gaze_still ? bright : QColor(180, 180, 180), scale * ring_width_deg,
                        Qt::SolidLine, Qt::FlatCap));
    const double progress = std::clamp(target.progress, 0.0, 1.0);
    if (progress > 0.0) painter.drawArc(box, turn / 4, -static_cast<int>(turn * progress));
  }
  painter.restore();
}

QRectF target_extent(const QPointF& center, double degree_px) {
  const double half = std::max(degree_px, least_px / least_deg) * full_deg + 3.0;
  return {center.x() - half, center.y() - half, 2.0 * half, 2.0 * half};
}

}  // namespace yarbus::ui
