#pragma once

#include <QPainter>
#include <QPointF>
#include <QRectF>

#include "app/session/calibration_view.h"

namespace yarbus::ui {

/// Gray of the target page: between black and white, so that the pupil keeps its size.
inline const QColor target_background(128, 128, 128);

/// The target: a disc that shrinks to a dot, with a cross and a dot in the middle to hold the gaze, and
/// around it, while gaze is wanted still, a ring that fills with the time it was. Sizes in visual angle:
/// `degree_px` is one degree in painter coordinates.
void paint_target(QPainter& painter, const QPointF& center, double degree_px, const TargetView& target);
/// Everything that such a target can cover.
QRectF target_extent(const QPointF& center, double degree_px);

}  // namespace yarbus::ui
