#pragma once

#include <QColor>
#include <QPainter>
#include <QPen>
#include <QPolygonF>
#include <QRectF>

#include <Eigen/Core>

#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus::ui {

// Bright lines over a dark halo read on any gray.
inline const QColor halo_color(0, 0, 0, 150);
inline const QColor pupil_color(64, 224, 255);
inline const QColor edge_color(178, 255, 102);
inline const QColor eyeball_color(150, 190, 255);
inline const QColor axis_color(255, 150, 70);
inline const QColor truth_color(255, 110, 220);

/// Straight pieces of which a drawn outline consists.
constexpr int outline_segments = 96;

/// Image (px, centre of the top-left pixel at 0,0) to painter coordinates.
struct ImageMap {
  QRectF area;
  double scale = 1.0;
  QPointF operator()(const Eigen::Vector2d& point_px) const {
    return {area.left() + (point_px.x() + 0.5) * scale, area.top() + (point_px.y() + 0.5) * scale};
  }
  /// The way back.
  [[nodiscard]] Eigen::Vector2d place_px(const QPointF& at) const {
    return {(at.x() - area.left()) / scale - 0.5, (at.y() - area.top()) / scale - 0.5};
  }
};

/// Where an image of that size goes: as large as fits, centred. Painter coordinates.
QRectF image_area(const QRectF& target, int width_px, int height_px);
ImageMap fit_image(const QRectF& target, int width_px, int height_px);

/// Line width that stays visible on a small video and does not swamp a large window.
double line_width(const QRectF& area);

/// Draws twice: a dark halo, then the line itself.
template <class Draw>
void with_halo(QPainter& painter, const QPen& pen, Draw draw) {
  QPen halo(pen);
  halo.setColor(halo_color);
  halo.setWidthF(pen.widthF() + 2.0);
  halo.setStyle(Qt::SolidLine);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(halo);
  draw();
  painter.setPen(pen);
  draw();
}

/// Dots, so that what was found shows between them: the truth is told by its line as well as by its colour.
QPen truth_pen(double width);
/// Draws the truth twice, as with_halo().
template <class Draw>
void with_dotted_halo(QPainter& painter, double width, Draw draw) {
  const QPen pen = truth_pen(width);
  QPen halo(pen);
  halo.setColor(QColor(0, 0, 0, 210));
  halo.setWidthF(pen.widthF() + 2.0);
  const double ratio = pen.widthF() / halo.widthF();  // dash lengths are in pen widths
  halo.setDashPattern({1.2 * ratio, 1.8 * ratio});
  painter.setBrush(Qt::NoBrush);
  painter.setPen(halo);
  draw();
  painter.setPen(pen);
  draw();
}

/// Closed, in painter coordinates.
QPolygonF outline_polygon(const ImageMap& map, const Ellipse& ellipse);

/// With a halo; nothing for an ellipse that is not valid.
void paint_ellipse(QPainter& painter, const ImageMap& map, const Ellipse& ellipse, const QPen& pen);

/// Dots on the edge points that an outline rests on; `width` is that of the lines.
void paint_edge_points(QPainter& painter, const ImageMap& map, const PupilObservation& observation,
                       double width);
void paint_edge_point(QPainter& painter, const ImageMap& map, const Eigen::Vector2f& point_px, double width);

}  // namespace yarbus::ui
