#pragma once

#include <QPainter>
#include <QPointF>
#include <QRegion>
#include <optional>

#include "app/session/calibration_view.h"
#include "ui/calibration/screen_scale.h"

namespace yarbus::ui {

/// Radius of the circle that holds 68 % in two dimensions, in standard deviations: sqrt(-2 ln 0.32).
extern const double radius_of_68_percent;

/// Gaze as the overlay draws it: a dot at the filtered gaze and a ring whose radius is the stated
/// uncertainty. Painter coordinates.
struct GazeMark {
  QPointF center;
  double radius = 0.0;
  double opacity = 1.0;
  bool is_extrapolated = false;        ///< the ring is dashed
  std::optional<QPointF> true_center;  ///< of a simulated participant: a faint cross

  bool operator==(const GazeMark&) const = default;
};

GazeMark gaze_mark(const ScreenGaze& gaze, const ScreenScale& scale, double opacity);
/// 1 while gaze is new, then falling to 0: what is left of it after so long without a new one.
double gaze_opacity(double seconds_without);

void paint_gaze_mark(QPainter& painter, const GazeMark& mark);
/// The pixels it covers.
QRegion gaze_mark_region(const GazeMark& mark);

}  // namespace yarbus::ui
