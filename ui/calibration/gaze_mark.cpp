#include "ui/calibration/gaze_mark.h"

#include <algorithm>
#include <cmath>

namespace yarbus::ui {

const double radius_of_68_percent = std::sqrt(-2.0 * std::log(0.32));

namespace {

constexpr double dot_px = 5.0;
constexpr double least_ring_px = 9.0;
constexpr double line_px = 2.5;
constexpr double halo_px = 1.5;
constexpr double cross_px = 9.0;

const QColor gaze_color(255, 214, 10);
const QColor truth_color(120, 220, 255);

}  // namespace

GazeMark gaze_mark(const ScreenGaze& gaze, const ScreenScale& scale, double opacity) {
  GazeMark mark;
  mark.center = scale.place_of(gaze.filtered_in_screen_mm);
  mark.radius = std::max(least_ring_px, radius_of_68_percent * gaze.sigma_mm * scale.px_per_mm());
  mark.opacity = opacity;
  mark.is_extrapolated = gaze.is_extrapolated;
  if (gaze.true_gaze_in_screen_mm) mark.true_center = scale.place_of(*gaze.true_gaze_in_screen_mm);
  return mark;
}

double gaze_opacity(double seconds_without) {
  constexpr double full_s = 0.15;
  constexpr double fade_s = 0.6;
  return std::clamp(1.0 - (seconds_without - full_s) / fade_s, 0.0, 1.0);
}

void paint_gaze_mark(QPainter& painter, const GazeMark& mark) {
  if (mark.opacity <= 0.0) return;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setOpacity(mark.opacity);
  if (mark.true_center) {
    painter.setPen(QPen(truth_color, 1.5));
    const QPointF at = *mark.true_center;
    painter.drawLine(at - QPointF(cross_px, 0.0), at + QPointF(cross_px, 0.0));
    painter.drawLine(at - QPointF(0.0, cross_px), at + QPointF(0.0, cross_px));
  }
  painter.setBrush(Qt::NoBrush);
  // Bright over dark reads on any ground.
  painter.setPen(QPen(QColor(0, 0, 0, 170), line_px + 2.0 * halo_px));
  painter.drawEllipse(mark.center, mark.radius, mark.radius);
  QPen ring(gaze_color, line_px);
  if (mark.is_extrapolated) ring.setStyle(Qt::DashLine);
  painter.setPen(ring);
  painter.drawEllipse(mark.center, mark.radius, mark.radius);
  painter.setPen(QPen(QColor(0, 0, 0, 170), halo_px));
  painter.setBrush(gaze_color);
  painter.drawEllipse(mark.center, dot_px, dot_px);
  painter.restore();
}

QRegion gaze_mark_region(const GazeMark& mark) {
  if (mark.opacity <= 0.0) return {};
  const auto disc = [&](double radius) {
    const QRectF box(mark.center.x() - radius, mark.center.y() - radius, 2.0 * radius, 2.0 * radius);
    return QRegion(box.toAlignedRect(), QRegion::Ellipse);
  };
  const double half = 0.5 * line_px + halo_px + 1.0;
  QRegion region = disc(mark.radius + half);
  const double inner = mark.radius - half - 1.0;
  if (inner > dot_px + halo_px) region = region.subtracted(disc(inner)).united(disc(dot_px + halo_px + 1.0));
  if (mark.true_center) {
    const QPointF at = *mark.true_center;
    region += QRectF(at.x() - cross_px - 1.0, at.y() - 2.0, 2.0 * cross_px + 2.0, 4.0).toAlignedRect();
    region += QRectF(at.x() - 2.0, at.y() - cross_px - 1.0, 4.0, 2.0 * cross_px + 2.0).toAlignedRect();
  }
  return region;
}

}  // namespace yarbus::ui
