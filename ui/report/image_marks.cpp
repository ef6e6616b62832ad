#include "ui/report/image_marks.h"

#include <algorithm>
#include <numbers>

namespace yarbus::ui {

QRectF image_area(const QRectF& target, int width_px, int height_px) {
  const double scale = std::min(target.width() / width_px, target.height() / height_px);
  QRectF area(0.0, 0.0, width_px * scale, height_px * scale);
  area.moveCenter(target.center());
  return area;
}

ImageMap fit_image(const QRectF& target, int width_px, int height_px) {
  const QRectF area = image_area(target, width_px, height_px);
  return {area, area.width() / width_px};
}

double line_width(const QRectF& area) {
  return std::clamp(std::min(area.width(), area.height()) / 260.0, 1.2, 2.6);
}

QPolygonF outline_polygon(const ImageMap& map, const Ellipse& ellipse) {
  QPolygonF polygon;
  polygon.reserve(outline_segments + 1);
  for (int i = 0; i <= outline_segments; ++i)
    polygon << map(ellipse.point_at(2.0 * std::numbers::pi * i / outline_segments));
  return polygon;
}

void paint_ellipse(QPainter& painter, const ImageMap& map, const Ellipse& ellipse, const QPen& pen) {
  if (!ellipse.is_valid()) return;
  const QPolygonF polygon = outline_polygon(map, ellipse);
  with_halo(painter, pen, [&] { painter.drawPolyline(polygon); });
}

QPen truth_pen(double width) {
  QPen pen(truth_color, 1.3 * width, Qt::CustomDashLine, Qt::FlatCap);
  pen.setDashPattern({1.2, 1.8});
  return pen;
}

void paint_edge_point(QPainter& painter, const ImageMap& map, const Eigen::Vector2f& point_px, double width) {
  painter.setPen(QPen(halo_color, 0.8));
  painter.setBrush(edge_color);
  painter.drawEllipse(map(point_px.cast<double>()), 1.2 * width, 1.2 * width);
}

void paint_edge_points(QPainter& painter, const ImageMap& map, const PupilObservation& observation,
                       double width) {
  for (const EdgePoint& point : observation.edge_points)
    paint_edge_point(painter, map, point.position_px, width);
}

}  // namespace yarbus::ui
