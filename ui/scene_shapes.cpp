#include "ui/scene_shapes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace yarbus::ui {

namespace {

/// From the cornea's centre to the limbus' plane; nullopt if the sphere is too small for the limbus.
std::optional<double> limbus_height_mm(const OpticalAnatomy& anatomy) {
  const double squared = anatomy.cornea_radius_mm * anatomy.cornea_radius_mm -
                         anatomy.limbus_radius_mm * anatomy.limbus_radius_mm;
  return squared > 0.0 ? std::optional(std::sqrt(squared)) : std::nullopt;
}

}  // namespace

Circle3 cone_base(const Circle3& pupil_in_cam, double half_angle_rad, double length_mm) {
  constexpr double widest_rad = std::numbers::pi / 3.0;
  Circle3 base = pupil_in_cam;
  base.center_in_cam_mm += length_mm * pupil_in_cam.normal_in_cam;
  base.radius_mm = length_mm * std::tan(std::min(half_angle_rad, widest_rad));
  return base;
}

std::vector<Circle3> cornea_rings(const OpticalAnatomy& anatomy, const Eigen::Vector3d& eye_center_in_cam_mm,
                                  const Eigen::Vector3d& gaze_dir_in_cam) {
  constexpr int rings = 5;
  const auto height_mm = limbus_height_mm(anatomy);
  if (!height_mm) return {};
  const double limbus_rad = std::atan2(anatomy.limbus_radius_mm, *height_mm);
  std::vector<Circle3> out;
  for (int i = 0; i < rings; ++i) {
    const double angle_rad = limbus_rad * (rings - i) / rings;
    Circle3 ring;
    ring.center_in_cam_mm =
        eye_center_in_cam_mm +
        (anatomy.cornea_center_mm + anatomy.cornea_radius_mm * std::cos(angle_rad)) * gaze_dir_in_cam;
    ring.normal_in_cam = gaze_dir_in_cam;
    ring.radius_mm = anatomy.cornea_radius_mm * std::sin(angle_rad);
    out.push_back(ring);
  }
  return out;
}

std::optional<double> sclera_radius_mm(const OpticalAnatomy& anatomy) {
  const auto height_mm = limbus_height_mm(anatomy);
  if (!height_mm) return std::nullopt;
  return std::hypot(anatomy.cornea_center_mm + *height_mm, anatomy.limbus_radius_mm);
}

QPolygonF convex_hull(QPolygonF points) {
  // Andrew's monotone chain: the lower side from left to right, then the upper one back.
  std::sort(points.begin(), points.end(), [](const QPointF& a, const QPointF& b) {
    return a.x() != b.x() ? a.x() < b.x() : a.y() < b.y();
  });
  if (points.size() < 3) return points;
  const auto turns_left = [](const QPointF& o, const QPointF& a, const QPointF& b) {
    return (a.x() - o.x()) * (b.y() - o.y()) - (a.y() - o.y()) * (b.x() - o.x()) > 0.0;
  };
  QPolygonF hull;
  const auto add = [&](const QPointF& point, qsizetype least) {
    while (hull.size() >= least && !turns_left(hull[hull.size() - 2], hull.last(), point)) hull.removeLast();
    hull << point;
  };
  for (const QPointF& point : points) add(point, 2);
  const qsizetype upper = hull.size() + 1;
  for (qsizetype i = points.size() - 2; i >= 0; --i) add(points[i], upper);
  hull.removeLast();  // the first point again
  return hull;
}

}  // namespace yarbus::ui
