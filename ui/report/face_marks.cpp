#include "ui/report/face_marks.h"

#include <algorithm>
#include <array>

#include "ui/report/face_geometry.h"
#include "ui/report/face_text.h"

namespace yarbus::ui {

namespace {

constexpr double drawn_axis_mm = 45.0;
constexpr double head_axis_share = 0.28;  ///< of the face's square
constexpr std::array eye_sides{EyeSide::right, EyeSide::left};

/// Corners alone: a full square would cross what matters.
void paint_square(QPainter& painter, const ImageMap& map, const FaceBox& face, bool has_gaze, double width) {
  constexpr double corner_share = 0.16;
  const double half = 0.5 * face.size_px * map.scale;
  if (!face.center_px.allFinite() || !(half > 0.0)) return;
  const QPointF middle = map(face.center_px);
  QPen pen(eyeball_color, width);
  if (!has_gaze) {
    pen.setStyle(Qt::DashLine);
    const QRectF square(middle - QPointF(half, half), QSizeF(2.0 * half, 2.0 * half));
    with_halo(painter, pen, [&] { painter.drawRect(square); });
    return;
  }
  const double arm = 2.0 * corner_share * half;
  with_halo(painter, pen, [&] {
    for (const double x : {-1.0, 1.0}) {
      for (const double y : {-1.0, 1.0}) {
        const QPointF corner = middle + QPointF(x * half, y * half);
        painter.drawPolyline(
            QPolygonF{corner - QPointF(x * arm, 0.0), corner, corner - QPointF(0.0, y * arm)});
      }
    }
  });
}

/// Corners joined over the lids' margins: the eye's opening as it was found.
void paint_opening(QPainter& painter, const ImageMap& map, const IrisObservation& eye, double width) {
  const std::array<Eigen::Vector2d, 4> places{eye.inner_corner_px, eye.upper_lid_px, eye.outer_corner_px,
                                              eye.lower_lid_px};
  if (std::any_of(places.begin(), places.end(), [](const auto& place) { return !place.allFinite(); })) return;
  const QPointF inner = map(eye.inner_corner_px);
  const QPointF outer = map(eye.outer_corner_px);
  // A lid is a curve from corner to corner whose middle height is the margin's.
  const auto lid = [&](const QPointF& margin) {
    QPolygonF curve;
    const QPointF control = 2.0 * margin - 0.5 * (inner + outer);
    constexpr int pieces = 16;
    for (int i = 0; i <= pieces; ++i) {
      const double t = static_cast<double>(i) / pieces;
      curve << (1.0 - t) * (1.0 - t) * inner + 2.0 * t * (1.0 - t) * control + t * t * outer;
    }
    return curve;
  };
  const QPolygonF upper = lid(map(eye.upper_lid_px));
  const QPolygonF lower = lid(map(eye.lower_lid_px));
  with_halo(painter, QPen(eyeball_color, 0.8 * width), [&] {
    painter.drawPolyline(upper);
    painter.drawPolyline(lower);
  });
  painter.setPen(QPen(halo_color, 0.8));
  painter.setBrush(eyeball_color);
  for (const QPointF& corner : {inner, outer}) painter.drawEllipse(corner, 1.4 * width, 1.4 * width);
}

void paint_arrow(QPainter& painter, const QPointF& from, const QPointF& to, const QColor& color,
                 double width) {
  with_halo(painter, QPen(color, 1.25 * width, Qt::SolidLine, Qt::RoundCap),
            [&] { painter.drawLine(from, to); });
  painter.setPen(QPen(halo_color, 1.0));
  painter.setBrush(color);
  painter.drawEllipse(to, 1.5 * width, 1.5 * width);
}

/// Painter units per mm at the eye; 0 without an outline.
double scale_at_eye(const ImageMap& map, const Ellipse& limbus, double limbus_radius_mm) {
  return limbus.is_valid() && limbus_radius_mm > 0.0 ? map.scale * limbus.semi_major_px / limbus_radius_mm
                                                     : 0.0;
}

void paint_eye_axes(QPainter& painter, const ImageMap& map, const IrisPair& pair, double width) {
  for (const EyeSide side : eye_sides) {
    const auto& eye = pair.eye(side);
    const auto line = eye && is_sure(*eye) && pair.sight ? eye_line(*pair.sight, side) : std::nullopt;
    if (!line || !line->axis_in_cam.allFinite()) continue;
    const double scale = scale_at_eye(map, eye->limbus, typical_limbus_radius_mm);
    const QPointF from = map(eye->limbus.center_px);
    const QPointF tip = from + drawn_axis_mm * scale * QPointF(line->axis_in_cam.x(), line->axis_in_cam.y());
    paint_arrow(painter, from, tip, axis_color, width);
  }
}

/// From between the eyes: to the head's right in the image, down, and out of the face; the last is the
/// longest, and ends in a ring.
void paint_head_axes(QPainter& painter, const ImageMap& map, const IrisPair& pair, double width) {
  if (!pair.sight || !pair.sight->head.cam_from_head.rotation.allFinite()) return;
  const Eigen::Matrix3d& axes_in_cam = pair.sight->head.cam_from_head.rotation;
  const auto& right = pair.eye(EyeSide::right);
  const auto& left = pair.eye(EyeSide::left);
  Eigen::Vector2d root_px = pair.face.center_px;
  if (right && left) root_px = 0.5 * (right->inner_corner_px + left->inner_corner_px);
  const double length = head_axis_share * pair.face.size_px * map.scale;
  if (!root_px.allFinite() || !(length > 0.0)) return;
  const QPointF root = map(root_px);
  const auto tip = [&](const Eigen::Vector3d& direction, double share) {
    return root + share * length * QPointF(direction.x(), direction.y());
  };
  with_halo(painter, QPen(eyeball_color, width), [&] {
    painter.drawLine(root, tip(axes_in_cam.col(0), 0.4));
    painter.drawLine(root, tip(axes_in_cam.col(1), 0.4));
    painter.drawLine(root, tip(-axes_in_cam.col(2), 1.6));
    painter.drawEllipse(tip(-axes_in_cam.col(2), 1.6), 2.2 * width, 2.2 * width);
  });
}

}  // namespace

void paint_face(QPainter& painter, const ImageMap& map, const FaceOutcome& outcome,
                const OverlayOptions& options, double width) {
  if (const auto* miss = std::get_if<FaceMiss>(&outcome)) {
    if (options.eyeball && miss->face) paint_square(painter, map, *miss->face, false, width);
    return;
  }
  const IrisPair& pair = std::get<IrisPair>(outcome);
  if (options.eyeball) paint_square(painter, map, pair.face, true, width);
  for (const auto& eye : pair.eyes) {
    if (!eye) continue;
    if (options.eyeball) paint_opening(painter, map, *eye, width);
    if (options.pupil_outline) {
      const Qt::PenStyle style = is_sure(*eye) ? Qt::SolidLine : Qt::DotLine;
      paint_ellipse(painter, map, eye->limbus, QPen(pupil_color, width, style));
    }
    if (!options.edge_points) continue;
    for (const Eigen::Vector2f& point : eye->limbus_points_px) paint_edge_point(painter, map, point, width);
  }
  if (!options.optical_axis) return;
  paint_head_axes(painter, map, pair, width);
  paint_eye_axes(painter, map, pair, width);
}

void paint_face_truth(QPainter& painter, const ImageMap& map, const FaceTruth& truth,
                      const OverlayOptions& options, double width) {
  if (!truth.has_face) return;
  for (const FaceEyeTruth& eye : truth.eyes) {
    if (!eye.is_visible || !eye.limbus.is_valid()) continue;
    const QPolygonF outline = outline_polygon(map, eye.limbus);
    with_dotted_halo(painter, width, [&] { painter.drawPolyline(outline); });
    if (!options.optical_axis) continue;
    const double scale = scale_at_eye(map, eye.limbus, eye.limbus_radius_mm);
    const QPointF from = map(eye.limbus.center_px);
    const QPointF tip =
        from + drawn_axis_mm * scale * QPointF(eye.optical_axis_in_cam.x(), eye.optical_axis_in_cam.y());
    with_dotted_halo(painter, width, [&] { painter.drawLine(from, tip); });
    with_halo(painter, QPen(truth_color, width), [&] {
      painter.drawPolyline(QPolygonF{tip + QPointF(0, -3.5 * width), tip + QPointF(3.5 * width, 0),
                                     tip + QPointF(0, 3.5 * width), tip + QPointF(-3.5 * width, 0),
                                     tip + QPointF(0, -3.5 * width)});
    });
  }
}

}  // namespace yarbus::ui
