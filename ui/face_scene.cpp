#include "ui/face_scene.h"

#include <QFontMetricsF>
#include <QPolygonF>
#include <QRadialGradient>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "eyemodel/types/angle.h"
#include "eyemodel/types/eye_model.h"
#include "ui/report/face_geometry.h"
#include "ui/scene_colors.h"

namespace yarbus::ui {

namespace {

constexpr int segments = 64;
constexpr double eyeball_radius_mm = 12.0;
constexpr double ray_mm = 85.0;
/// A typical skull about the head's origin, half axes to the side, down and into the head; it reaches
/// farther down than up.
const Eigen::Vector3d skull_mm(74.0, 110.0, 96.0);
const Eigen::Vector3d skull_middle_in_head_mm(0.0, 20.0, 0.0);
constexpr double framed_radius_mm = 160.0;

class FacePainter {
 public:
  FacePainter(QPainter& painter, const QRectF& area, const OrbitCamera& camera, const FaceSight& face,
              const QPalette& palette)
      : painter_(painter), area_(area), camera_(camera), face_(face), colors_(scene_colors(palette)) {}

  void paint(bool shows_eyes) {
    paint_skull();
    paint_way_to_camera();
    paint_facing();
    if (!shows_eyes) return;
    std::vector<FaceEyeLine> eyes;
    for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
      if (!face_.eye(side) || face_.eye(side)->confidence < least_sure_confidence) continue;
      if (const auto eye = eye_line(face_, side)) eyes.push_back(*eye);
    }
    std::sort(eyes.begin(), eyes.end(), [this](const FaceEyeLine& a, const FaceEyeLine& b) {
      return camera_.view_from_cam(a.center_in_cam_mm).z() > camera_.view_from_cam(b.center_in_cam_mm).z();
    });
    for (const FaceEyeLine& eye : eyes) paint_eye(eye);
  }

 private:
  [[nodiscard]] std::optional<QPointF> to_screen(const Eigen::Vector3d& point_in_cam_mm) const {
    return camera_.project(camera_.view_from_cam(point_in_cam_mm), area_);
  }
  [[nodiscard]] Eigen::Vector3d from_head(const Eigen::Vector3d& point_in_head_mm) const {
    return face_.head.cam_from_head.point(point_in_head_mm);
  }
  void line(const Eigen::Vector3d& from_in_cam_mm, const Eigen::Vector3d& to_in_cam_mm) {
    const auto from = to_screen(from_in_cam_mm);
    const auto to = to_screen(to_in_cam_mm);
    if (from && to) painter_.drawLine(*from, *to);
  }
  template <class PointAt>
  void curve(PointAt point_at) {
    QPolygonF polygon;
    for (int i = 0; i <= segments; ++i) {
      const auto point = to_screen(from_head(point_at(two_pi * i / segments)));
      if (!point) return;
      polygon << *point;
    }
    painter_.drawPolyline(polygon);
  }

  /// The skull's sections through its middle, a ring at the height of the mouth, and a nose.
  void paint_skull() {
    QColor wire = colors_.line;
    wire.setAlphaF(0.35F);
    painter_.setBrush(Qt::NoBrush);
    painter_.setPen(QPen(wire, 1.2));
    const auto at = [](double x, double y, double z) {
      return Eigen::Vector3d(skull_middle_in_head_mm + skull_mm.cwiseProduct(Eigen::Vector3d(x, y, z)));
    };
    curve([&](double t) { return at(0.0, std::sin(t), std::cos(t)); });
    curve([&](double t) { return at(std::cos(t), std::sin(t), 0.0); });
    for (const double height : {-0.55, -0.18, 0.55}) {
      const double share = std::sqrt(1.0 - height * height);
      curve([&](double t) { return at(share * std::cos(t), height, share * std::sin(t)); });
    }
    line(from_head({0.0, 2.0, -94.0}), from_head({0.0, 40.0, -118.0}));
    line(from_head({0.0, 40.0, -118.0}), from_head({0.0, 47.0, -96.0}));
  }

  void paint_way_to_camera() {
    const Eigen::Vector3d between_in_cam_mm = from_head({0.0, 0.0, -90.0});
    const double distance_mm = between_in_cam_mm.norm();
    if (!(distance_mm > 1.0)) return;
    constexpr double shown_mm = 190.0;
    const Eigen::Vector3d end_in_cam_mm =
        between_in_cam_mm * (1.0 - std::min(shown_mm, distance_mm) / distance_mm);
    painter_.setPen(QPen(colors_.line, 1.0, Qt::DotLine));
    line(between_in_cam_mm, end_in_cam_mm);
    if (const auto end = to_screen(end_in_cam_mm)) label(*end, "to the camera");
  }

  void paint_facing() {
    const Eigen::Vector3d from_in_cam_mm = from_head({0.0, 0.0, -96.0});
    const Eigen::Vector3d tip_in_cam_mm = from_head({0.0, 0.0, -170.0});
    const auto from = to_screen(from_in_cam_mm);
    const auto tip = to_screen(tip_in_cam_mm);
    if (!from || !tip) return;
    painter_.setPen(QPen(colors_.pupil_rim, 2.0, Qt::SolidLine, Qt::RoundCap));
    painter_.drawLine(*from, *tip);
    paint_arrow_head(painter_, *from, *tip, colors_.pupil_rim);
  }

  void paint_eye(const FaceEyeLine& eye) {
    const Eigen::Vector3d center_in_view_mm = camera_.view_from_cam(eye.center_in_cam_mm);
    const bool points_away = camera_.turn_into_view(eye.axis_in_cam).dot(center_in_view_mm) > 0.0;
    if (points_away) paint_gaze(eye);
    const auto middle = camera_.project(center_in_view_mm, area_);
    if (!middle) return;
    const double radius = camera_.scale_at(center_in_view_mm.z(), area_) * eyeball_radius_mm;
    QRadialGradient shade(*middle, 1.1 * radius, *middle + QPointF(-0.35 * radius, -0.45 * radius));
    shade.setColorAt(0.0, colors_.ball_light);
    shade.setColorAt(1.0, colors_.ball_dark);
    painter_.setBrush(shade);
    painter_.setPen(QPen(colors_.line, 1.2));
    painter_.drawEllipse(*middle, radius, radius);
    if (!points_away) paint_gaze(eye);
  }

  void paint_gaze(const FaceEyeLine& eye) {
    Circle3 limbus;
    limbus.center_in_cam_mm = eye.center_in_cam_mm + typical_limbus_plane_mm * eye.axis_in_cam;
    limbus.normal_in_cam = eye.axis_in_cam;
    limbus.radius_mm = typical_limbus_radius_mm;
    QPolygonF iris;
    for (int i = 0; i < segments; ++i) {
      if (const auto point = to_screen(point_on_circle(limbus, two_pi * i / segments))) iris << *point;
    }
    painter_.setBrush(colors_.pupil);
    painter_.setPen(QPen(colors_.pupil_rim, 1.4));
    painter_.drawPolygon(iris);
    const auto from = to_screen(limbus.center_in_cam_mm);
    const auto tip = to_screen(limbus.center_in_cam_mm + ray_mm * eye.axis_in_cam);
    if (!from || !tip) return;
    painter_.setPen(QPen(colors_.ray, 2.6, Qt::SolidLine, Qt::RoundCap));
    painter_.drawLine(*from, *tip);
    paint_arrow_head(painter_, *from, *tip, colors_.ray);
  }

  void label(const QPointF& at, const QString& text) {
    const QFontMetricsF metrics(painter_.font());
    const QSizeF size(metrics.horizontalAdvance(text) + 4.0, metrics.height());
    QRectF box(at + QPointF(-0.5 * size.width(), 2.0), size);
    box.moveLeft(std::clamp(box.left(), area_.left() + 4.0,
                            std::max(area_.left() + 4.0, area_.right() - size.width())));
    painter_.setPen(colors_.line);
    painter_.drawText(box, Qt::AlignCenter, text);
  }

  QPainter& painter_;
  QRectF area_;
  const OrbitCamera& camera_;
  const FaceSight& face_;
  SceneColors colors_;
};

}  // namespace

void frame_face(OrbitCamera& camera, const FaceSight& face) {
  // Between the face and the tips of what points out of it.
  camera.look_at(face.head.cam_from_head.point({0.0, 10.0, -85.0}), framed_radius_mm);
}

void paint_face_scene(QPainter& painter, const QRectF& area, const OrbitCamera& camera, const FaceSight& face,
                      bool shows_eyes, const QPalette& palette) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setClipRect(area, Qt::IntersectClip);
  painter.fillRect(area, palette.color(QPalette::Base));
  if (is_valid(face)) FacePainter(painter, area, camera, face, palette).paint(shows_eyes);
  painter.restore();
}

}  // namespace yarbus::ui
