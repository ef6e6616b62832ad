#pragma once

#include <QColor>
#include <QPainter>
#include <QPalette>
#include <QPointF>

namespace yarbus::ui {

/// What the 3-D view is drawn in, light or dark as the palette.
struct SceneColors {
  QColor line;
  QColor faint;
  QColor ball_light;
  QColor ball_dark;
  QColor disc;
  QColor pupil;
  QColor pupil_rim;
  QColor ray;
};
SceneColors scene_colors(const QPalette& palette);

/// At the tip of a line that is already drawn.
void paint_arrow_head(QPainter& painter, const QPointF& from, const QPointF& tip, const QColor& color);

}  // namespace yarbus::ui
