#pragma once

#include <QPointF>
#include <QRectF>

#include <Eigen/Core>

namespace yarbus::ui {

/// How far the simulated eye can be sent, in degrees from straight ahead.
constexpr double farthest_yaw_deg = 30.0;
constexpr double farthest_pitch_deg = 25.0;

/// The same direction within those limits.
Eigen::Vector2d within_reach(const Eigen::Vector2d& pointer_deg);

/// Where a place on the eye image sends the gaze: the centre of `area` is straight ahead, its edges are the
/// limits, and beyond them the gaze stays there. Painter coordinates -> degrees: yaw (positive right), pitch
/// (positive up). An empty area is straight ahead.
Eigen::Vector2d pointer_deg_at(const QPointF& place, const QRectF& area);

}  // namespace yarbus::ui
