#pragma once

#include <QPainter>
#include <QRectF>

#include "app/session/calibration_view.h"

namespace yarbus::ui {

/// Everything of one calibration on one page, as ink on paper: verdict, error map, data quality, mappers,
/// points, parameters, findings and advice. Painter coordinates: one unit is a typographic point (1/72 inch);
/// texts get smaller where they would not fit.
void paint_calibration_report(QPainter& painter, const QRectF& page, const CalibrationResult& result);

}  // namespace yarbus::ui
