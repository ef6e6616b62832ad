#include "ui/gaze_pointer.h"

#include <algorithm>

namespace yarbus::ui {

Eigen::Vector2d within_reach(const Eigen::Vector2d& pointer_deg) {
  return {std::clamp(pointer_deg.x(), -farthest_yaw_deg, farthest_yaw_deg),
          std::clamp(pointer_deg.y(), -farthest_pitch_deg, farthest_pitch_deg)};
}

Eigen::Vector2d pointer_deg_at(const QPointF& place, const QRectF& area) {
  if (area.isEmpty()) return Eigen::Vector2d::Zero();
  const QPointF from_center = place - area.center();
  return within_reach({farthest_yaw_deg * from_center.x() / (0.5 * area.width()),
                       -farthest_pitch_deg * from_center.y() / (0.5 * area.height())});
}

}  // namespace yarbus::ui
