#include "ui/eye_scene.h"

#include <QFontMetricsF>
#include <QLinearGradient>
#include <QPainterPath>
#include <QPolygonF>
#include <QRadialGradient>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>

#include "eyemodel/types/angle.h"
#include "ui/scene_colors.h"
#include "ui/scene_shapes.h"

namespace yarbus::ui {

namespace {

constexpr int circle_segments = 64;
constexpr int disc_segments = 24;
constexpr std::size_t most_discs_drawn = 300;
/// Beyond this many radii the eye alone is framed; the camera would make it too small to see.
constexpr double longest_framed_distance_in_radii = 6.0;
constexpr double frustum_depth_share = 0.28;  ///< of the way from the camera to the eye
constexpr double ray_length_in_radii = 1.8;

class ScenePainter {
 public:
  ScenePainter(QPainter& painter, const QRectF& area, const OrbitCamera& camera, const EyeScene& scene,
               const QPalette& palette)
      : painter_(painter),
        area_(area),
        camera_(camera),
        model_(*scene.model),
        ball_radius_mm_(model_.eyeball_radius_mm),
        colors_(scene_colors(palette)) {
    if (scene.sample && scene.sample->pose) pose_ = &*scene.sample->pose;
    if (model_.stage == FitStage::refraction)
      ball_radius_mm_ = sclera_radius_mm(model_.anatomy).value_or(ball_radius_mm_);
    center_in_view_mm_ = camera.view_from_cam(model_.eye_center_in_cam_mm);
  }

  void paint() {
    paint_floor();
    const bool gaze_points_away = pose_ != nullptr && faces_away(pose_->pupil_in_cam);
    paint_discs(true);
    if (gaze_points_away) paint_gaze();
    paint_eyeball();
    paint_discs(false);
    if (!gaze_points_away) paint_gaze();
    paint_frustum();
  }

 private:
  [[nodiscard]] std::optional<QPointF> to_screen(const Eigen::Vector3d& point_in_cam_mm) const {
    return camera_.project(camera_.view_from_cam(point_in_cam_mm), area_);
  }

  void line(const Eigen::Vector3d& from_in_cam_mm, const Eigen::Vector3d& to_in_cam_mm) {
    const auto from = to_screen(from_in_cam_mm);
    const auto to = to_screen(to_in_cam_mm);
    if (from && to) painter_.drawLine(*from, *to);
  }

  /// A disc on the eyeball is hidden when its outside faces away from the viewer.
  [[nodiscard]] bool faces_away(const Circle3& circle) const {
    const Eigen::Vector3d center = camera_.view_from_cam(circle.center_in_cam_mm);
    return camera_.turn_into_view(circle.normal_in_cam).dot(center) > 0.0;
  }

  [[nodiscard]] std::optional<QPolygonF> polygon_of(const Circle3& circle, int segments) const {
    QPolygonF polygon;
    polygon.reserve(segments);
    for (int i = 0; i < segments; ++i) {
      const auto point = to_screen(point_on_circle(circle, two_pi * i / segments));
      if (!point) return std::nullopt;
      polygon << *point;
    }
    return polygon;
  }

  /// A grid under the eye, for the sense of depth.
  void paint_floor() {
    constexpr int lines_each_way = 5;
    const double radius = ball_radius_mm_;
    const double step = 0.5 * radius;
    const double reach = step * lines_each_way;
    const Eigen::Vector3d origin =
        model_.eye_center_in_cam_mm + Eigen::Vector3d(0.0, 1.25 * radius, -0.8 * radius);
    for (int i = -lines_each_way; i <= lines_each_way; ++i) {
      QColor color = colors_.faint;
      color.setAlphaF(color.alphaF() * (1.0F - 0.12F * static_cast<float>(std::abs(i))));
      painter_.setPen(QPen(color, 1.0));
      line(origin + Eigen::Vector3d(i * step, 0, -reach), origin + Eigen::Vector3d(i * step, 0, reach));
      line(origin + Eigen::Vector3d(-reach, 0, i * step), origin + Eigen::Vector3d(reach, 0, i * step));
    }
  }

  void paint_discs(bool behind) {
    const auto& discs = model_.supporting_pupils_in_cam;
    const std::size_t stride =
        std::max<std::size_t>(1, (discs.size() + most_discs_drawn - 1) / most_discs_drawn);
    QColor rim = colors_.disc;
    rim.setAlphaF(behind ? 0.25F : 0.55F);
    painter_.setPen(QPen(rim, 1.0));
    painter_.setBrush(Qt::NoBrush);
    for (std::size_t i = 0; i < discs.size(); i += stride) {
      if (faces_away(discs[i]) != behind) continue;
      if (const auto polygon = polygon_of(discs[i], disc_segments)) painter_.drawPolygon(*polygon);
    }
  }

  void paint_eyeball() {
    const auto outline = visible_outline_of_sphere(center_in_view_mm_, ball_radius_mm_);
    const auto middle = camera_.project(center_in_view_mm_, area_);
    if (!outline || !middle) return;
    QPolygonF polygon;
    for (int i = 0; i < circle_segments; ++i) {
      const auto point = camera_.project(point_on_circle(*outline, two_pi * i / circle_segments), area_);
      if (!point) return;
      polygon << *point;
    }
    const double radius = camera_.scale_at(center_in_view_mm_.z(), area_) * ball_radius_mm_;
    QRadialGradient shade(*middle, 1.1 * radius, *middle + QPointF(-0.35 * radius, -0.45 * radius));
    shade.setColorAt(0.0, colors_.ball_light);
    shade.setColorAt(1.0, colors_.ball_dark);
    painter_.setBrush(shade);
    painter_.setPen(QPen(colors_.line, 1.2));
    painter_.drawPolygon(polygon);
    paint_wireframe();
  }

  /// Meridians and parallels about the vertical; only their front halves.
  void paint_wireframe() {
    constexpr int meridians = 6;
    constexpr std::array<double, 3> latitudes_rad{-0.7, 0.0, 0.7};
    const double radius = ball_radius_mm_;
    painter_.setPen(QPen(QColor(60, 80, 120, 70), 1.0));
    const auto arc = [&](auto direction_at) {
      Eigen::Vector3d previous = direction_at(0.0);
      for (int i = 1; i <= circle_segments; ++i) {
        const Eigen::Vector3d next = direction_at(two_pi * i / circle_segments);
        const Eigen::Vector3d point_in_view =
            camera_.view_from_cam(model_.eye_center_in_cam_mm + radius * next);
        if (camera_.turn_into_view(next).dot(point_in_view) < 0.0) {
          line(model_.eye_center_in_cam_mm + radius * previous, model_.eye_center_in_cam_mm + radius * next);
        }
        previous = next;
      }
    };
    for (int i = 0; i < meridians; ++i) {
      const double turn = std::numbers::pi * i / meridians;
      arc([turn](double t) {
        return Eigen::Vector3d(std::cos(t) * std::sin(turn), std::sin(t), std::cos(t) * std::cos(turn));
      });
    }
    for (const double latitude : latitudes_rad) {
      arc([latitude](double t) {
        return Eigen::Vector3d(std::cos(latitude) * std::cos(t), std::sin(latitude),
                               std::cos(latitude) * std::sin(t));
      });
    }
  }

  void paint_gaze() {
    if (pose_ == nullptr) return;
    const Circle3& pupil = pose_->pupil_in_cam;
    if (const auto polygon = polygon_of(pupil, circle_segments)) {
      painter_.setBrush(colors_.pupil);
      painter_.setPen(QPen(colors_.pupil_rim, 1.6));
      painter_.drawPolygon(*polygon);
    }
    if (model_.stage == FitStage::refraction) paint_cornea();
    const double length_mm = ray_length_in_radii * pose_->eyeball_radius_mm;
    if (pose_->uncertainty)
      paint_cone(cone_base(pupil, pose_->uncertainty->gaze_cone_rad(drawn_share), length_mm));
    const Eigen::Vector3d tip_mm = pupil.center_in_cam_mm + length_mm * pupil.normal_in_cam;
    const auto from = to_screen(pupil.center_in_cam_mm);
    const auto tip = to_screen(tip_mm);
    if (!from || !tip) return;
    painter_.setPen(QPen(colors_.ray, 2.6, Qt::SolidLine, Qt::RoundCap));
    painter_.drawLine(*from, *tip);
    paint_arrow_head(painter_, *from, *tip, colors_.ray);
  }

  /// The part of the corneal sphere in front of the limbus: clear, with rings.
  void paint_cornea() {
    QPolygonF points;
    std::vector<QPolygonF> rings;
    for (const Circle3& ring :
         cornea_rings(model_.anatomy, pose_->eye_center_in_cam_mm, pose_->gaze_dir_in_cam())) {
      const auto polygon = polygon_of(ring, circle_segments);
      if (!polygon) return;
      points << *polygon;
      rings.push_back(*polygon);
    }
    if (rings.empty()) return;
    QColor glass = colors_.pupil_rim;
    glass.setAlphaF(0.16F);
    painter_.setBrush(glass);
    painter_.setPen(QPen(colors_.pupil_rim, 1.2));
    painter_.drawPolygon(convex_hull(points));
    painter_.setBrush(Qt::NoBrush);
    QColor faint = colors_.pupil_rim;
    faint.setAlphaF(0.4F);
    painter_.drawPolygon(rings.front());
    painter_.setPen(QPen(faint, 1.0));
    for (const QPolygonF& ring : rings) painter_.drawPolygon(ring);
  }

  /// Where the gaze may be as well: the cone from the pupil's centre to `base`.
  void paint_cone(const Circle3& base) {
    const auto rim = polygon_of(base, circle_segments);
    const auto apex = to_screen(pose_->pupil_in_cam.center_in_cam_mm);
    if (!rim || !apex) return;
    QColor inside = colors_.ray;
    inside.setAlphaF(0.18F);
    QColor edge = colors_.ray;
    edge.setAlphaF(0.7F);
    painter_.setPen(QPen(edge, 1.0));
    painter_.setBrush(inside);
    painter_.drawPolygon(convex_hull(QPolygonF(*rim) << *apex));
    painter_.setBrush(Qt::NoBrush);
    painter_.drawPolygon(*rim);
  }

  /// The real camera: its pyramid of view and its name.
  void paint_frustum() {
    const CameraIntrinsics& K = model_.intrinsics;
    if (!K.validate()) return;
    const double depth = frustum_depth_share * model_.eye_center_in_cam_mm.norm();
    const auto corner = [&](double u_px, double v_px) {
      return Eigen::Vector3d((u_px - K.cx_px) / K.fx_px * depth, (v_px - K.cy_px) / K.fy_px * depth, depth);
    };
    const std::array<Eigen::Vector3d, 4> corners{corner(-0.5, -0.5), corner(K.width_px - 0.5, -0.5),
                                                 corner(K.width_px - 0.5, K.height_px - 0.5),
                                                 corner(-0.5, K.height_px - 0.5)};
    QPolygonF plane;
    for (const auto& point : corners) {
      if (const auto at = to_screen(point)) plane << *at;
    }
    if (plane.size() == 4) {
      QColor pane = colors_.line;
      pane.setAlphaF(0.07F);
      painter_.setPen(QPen(colors_.line, 1.2));
      painter_.setBrush(pane);
      painter_.drawPolygon(plane);
    }
    painter_.setPen(QPen(colors_.line, 1.2));
    for (const auto& point : corners) line(Eigen::Vector3d::Zero(), point);
    if (const auto apex = to_screen(Eigen::Vector3d::Zero())) {
      const QFontMetricsF metrics(painter_.font());
      const QSizeF size(metrics.horizontalAdvance("camera") + 4.0, metrics.height());
      QRectF box(QPointF(apex->x() - 0.5 * size.width(), apex->y() + 0.5 * size.height()), size);
      box.moveLeft(std::clamp(box.left(), area_.left() + 4.0,
                              std::max(area_.left() + 4.0, area_.right() - size.width())));
      painter_.drawText(box, Qt::AlignCenter, "camera");
    }
  }

  QPainter& painter_;
  QRectF area_;
  const OrbitCamera& camera_;
  const EyeModel& model_;
  double ball_radius_mm_;  ///< of the ball drawn: in stage `refraction` it goes through the limbus
  const EyePose* pose_ = nullptr;
  SceneColors colors_;
  Eigen::Vector3d center_in_view_mm_;
};

/// A bar of a round number of mm, true at the eye's distance.
void paint_scale_bar(QPainter& painter, const QRectF& area, const OrbitCamera& camera, const EyeModel& model,
                     const QPalette& palette) {
  const double z_mm = camera.view_from_cam(model.eye_center_in_cam_mm).z();
  if (!(z_mm > 0.0)) return;
  constexpr std::array<double, 7> lengths_mm{1, 2, 5, 10, 20, 50, 100};
  const double scale = camera.scale_at(z_mm, area);
  const double most = 0.28 * area.width();
  double length_mm = lengths_mm.front();
  for (const double candidate : lengths_mm) {
    if (candidate * scale <= most) length_mm = candidate;
  }
  const double length = length_mm * scale;
  const double margin = 12.0;
  const double y = area.bottom() - margin;
  const double right = area.right() - margin;
  painter.setPen(QPen(palette.color(QPalette::Text), 1.4));
  painter.drawLine(QPointF(right - length, y), QPointF(right, y));
  painter.drawLine(QPointF(right - length, y - 3), QPointF(right - length, y + 3));
  painter.drawLine(QPointF(right, y - 3), QPointF(right, y + 3));
  const double text_height = painter.fontMetrics().height();
  painter.drawText(
      QRectF(right - std::max(length, 60.0), y - text_height - 3, std::max(length, 60.0), text_height),
      Qt::AlignRight, QString("%1 mm").arg(length_mm));
}

}  // namespace

void frame_scene(OrbitCamera& camera, const EyeScene& scene) {
  if (!scene.model) return;
  const Eigen::Vector3d& eye = scene.model->eye_center_in_cam_mm;
  const double radius = scene.model->eyeball_radius_mm;
  const double distance = eye.norm();
  if (!(distance > 0.0) || !(radius > 0.0)) return;
  // From a little behind the camera to the eyeball's back; the view is oblique, so the extent shrinks.
  constexpr double foreshortening = 0.98;
  const double near_mm = std::max(0.0, distance - longest_framed_distance_in_radii * radius);
  const double far_mm = distance + radius;
  camera.look_at(eye / distance * 0.5 * (near_mm + far_mm), foreshortening * 0.5 * (far_mm - near_mm));
}

void paint_eye_scene(QPainter& painter, const QRectF& area, const OrbitCamera& camera, const EyeScene& scene,
                     const QPalette& palette) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setClipRect(area, Qt::IntersectClip);
  painter.fillRect(area, palette.color(QPalette::Base));
  if (scene.model) {
    ScenePainter(painter, area, camera, scene, palette).paint();
    paint_scale_bar(painter, area, camera, *scene.model, palette);
  }
  painter.restore();
}

}  // namespace yarbus::ui
