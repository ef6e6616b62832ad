#pragma once

#include <QPainter>
#include <QPalette>
#include <QRectF>
#include <optional>
#include <vector>

#include "app/session/calibration_view.h"

namespace yarbus::ui {

/// The screen seen from the front with its targets: what the review, the result and the report draw.
struct ScreenMap {
  ScreenGeometry screen;
  std::vector<PointView> points;            ///< marked by verdict, with samples and spread
  std::vector<ValidationErrorView> errors;  ///< drawn to scale: target, mean gaze, circle of 1 degree
  std::optional<ScreenRegion> region;       ///< hatched
  int selected = -1;                        ///< number of a point; -1: none
};

/// Where the screen itself lies in `target`, which also holds the legend. Painter coordinates; `font_px` is
/// the height of the texts.
QRectF screen_map_area(const QRectF& target, const ScreenGeometry& screen, double font_px);
/// Screen (mm) to painter coordinates and back.
QPointF screen_map_place(const QRectF& area, const ScreenGeometry& screen,
                         const Eigen::Vector2d& in_screen_mm);
Eigen::Vector2d screen_map_mm(const QRectF& area, const ScreenGeometry& screen, const QPointF& place);
/// The point whose mark is there, else -1.
int screen_map_point_at(const QRectF& area, const ScreenMap& map, const QPointF& place, double font_px);

/// Verdicts as shape and colour with sample count and spread; validation errors as vectors at the map's own
/// scale, with a circle of one degree about each target; below it the legend.
void paint_screen_map(QPainter& painter, const QRectF& target, const ScreenMap& map, const QPalette& palette,
                      double font_px);

/// What the map shows, for people who do not see it: one sentence a point.
QString screen_map_words(const ScreenMap& map);

/// The points that have their place on the map: all but the head pass.
std::vector<PointView> points_on_map(const std::vector<PointView>& points);
/// That of a finished calibration.
ScreenMap screen_map_of(const CalibrationResult& result);

}  // namespace yarbus::ui
