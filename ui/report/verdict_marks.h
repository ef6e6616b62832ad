#pragma once

#include <QColor>
#include <QPainter>
#include <QPalette>

#include "app/session/calibration_view.h"

namespace yarbus::ui {

/// Colours of verdicts, for light and dark palettes. Never used alone: each verdict has a shape of its own.
QColor verdict_color(PointVerdict verdict, const QPalette& palette);
QColor grade_color(CalibrationGrade grade, const QPalette& palette);

/// Good: a disc with a tick. Poor: a triangle with an exclamation mark. Missing: a square with a cross.
/// Waiting: an empty circle.
void paint_verdict_mark(QPainter& painter, const QPointF& center, double radius, PointVerdict verdict,
                        const QPalette& palette);
/// The same shapes for the whole: good, fair (a triangle), poor (a cross), not validated (a question mark).
void paint_grade_mark(QPainter& painter, const QRectF& area, CalibrationGrade grade, const QPalette& palette);

}  // namespace yarbus::ui
