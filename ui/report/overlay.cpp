#include "ui/report/overlay.h"

#include <QFontMetricsF>
#include <QPainterPath>
#include <QPolygonF>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/report/sample_text.h"

namespace yarbus::ui {

namespace {

constexpr double two_pi = 2.0 * std::numbers::pi;
constexpr int outline_segments = 96;

// Bright lines over a dark halo read on any gray.
const QColor halo_color(0, 0, 0, 150);
const QColor pupil_color(64, 224, 255);
const QColor model_pupil_color(255, 214, 64);
const QColor edge_color(178, 255, 102);
const QColor eyeball_color(150, 190, 255);
const QColor axis_color(255, 150, 70);

/// Image (px, centre of the top-left pixel at 0,0) to painter coordinates.
struct ImageMap {
  QRectF area;
  double scale = 1.0;
  QPointF operator()(const Eigen::Vector2d& point_px) const {
    return {area.left() + (point_px.x() + 0.5) * scale, area.top() + (point_px.y() + 0.5) * scale};
  }
};

ImageMap fit_image(const QRectF& target, int width_px, int height_px) {
  const double scale = std::min(target.width() / width_px, target.height() / height_px);
  QRectF area(0.0, 0.0, width_px * scale, height_px * scale);
  area.moveCenter(target.center());
  return {area, scale};
}

/// Line width that stays visible on a small video and does not swamp a large window.
double line_width(const QRectF& area) {
  return std::clamp(std::min(area.width(), area.height()) / 260.0, 1.2, 2.6);
}

template <class Draw>
void with_halo(QPainter& painter, const QPen& pen, Draw draw) {
  QPen halo(pen);
  halo.setColor(halo_color);
  halo.setWidthF(pen.widthF() + 2.0);
  halo.setStyle(Qt::SolidLine);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(halo);
  draw();
  painter.setPen(pen);
  draw();
}

/// The projection of a circle in space; nullopt where part of it lies behind the camera.
std::optional<QPolygonF> projected_circle(const Circle3& circle, const CameraIntrinsics& intrinsics,
                                          const ImageMap& map) {
  constexpr double nearest_mm = 1.0;
  QPolygonF polygon;
  polygon.reserve(outline_segments + 1);
  for (int i = 0; i <= outline_segments; ++i) {
    const Eigen::Vector3d point = point_on_circle(circle, two_pi * i / outline_segments);
    if (!point.allFinite() || point.z() < nearest_mm) return std::nullopt;
    polygon << map(intrinsics.project(point));
  }
  return polygon;
}

void paint_eyeball(QPainter& painter, const ImageMap& map, const EyePose& pose,
                   const CameraIntrinsics& intrinsics, double width) {
  const auto outline = visible_outline_of_sphere(pose.eye_center_in_cam_mm, pose.eyeball_radius_mm);
  if (!outline) return;
  const auto polygon = projected_circle(*outline, intrinsics, map);
  if (!polygon) return;
  with_halo(painter, QPen(eyeball_color, width), [&] { painter.drawPolyline(*polygon); });
}

void paint_optical_axis(QPainter& painter, const ImageMap& map, const EyePose& pose,
                        const CameraIntrinsics& intrinsics, double width) {
  // The axis is drawn one and a half radii beyond the pupil, but never past this share of the way to the
  // camera.
  constexpr double length_in_radii = 1.5;
  constexpr double nearest_share = 0.35;
  const Eigen::Vector3d center = pose.eye_center_in_cam_mm;
  const Eigen::Vector3d pupil = pose.pupil_in_cam.center_in_cam_mm;
  const Eigen::Vector3d gaze = pose.gaze_dir_in_cam();
  double length_mm = length_in_radii * pose.eyeball_radius_mm;
  const double nearest_mm = nearest_share * center.z();
  if (gaze.z() < 0.0) length_mm = std::min(length_mm, (pupil.z() - nearest_mm) / -gaze.z());
  const Eigen::Vector3d tip = pupil + std::max(length_mm, 0.0) * gaze;
  if (!tip.allFinite() || center.z() <= 0.0 || tip.z() <= 0.0) return;
  const QPointF from = map(intrinsics.project(center));
  const QPointF to = map(intrinsics.project(tip));
  const double arm = 2.5 * width;
  QPen pen(axis_color, width * 1.25, Qt::SolidLine, Qt::RoundCap);
  with_halo(painter, pen, [&] {
    painter.drawLine(from, to);
    painter.drawLine(from - QPointF(arm, 0), from + QPointF(arm, 0));
    painter.drawLine(from - QPointF(0, arm), from + QPointF(0, arm));
  });
  painter.setPen(QPen(halo_color, 1.0));
  painter.setBrush(axis_color);
  painter.drawEllipse(to, 1.8 * width, 1.8 * width);
}

void paint_ellipse(QPainter& painter, const ImageMap& map, const Ellipse& ellipse, const QPen& pen) {
  if (!ellipse.is_valid()) return;
  QPolygonF polygon;
  polygon.reserve(outline_segments + 1);
  for (int i = 0; i <= outline_segments; ++i) polygon << map(ellipse.point_at(two_pi * i / outline_segments));
  with_halo(painter, pen, [&] { painter.drawPolyline(polygon); });
}

void paint_caption(QPainter& painter, const QRectF& area, const QStringList& phrases) {
  constexpr double smallest_font_px = 10.0;
  constexpr double image_heights_per_font = 1.0 / 32.0;
  QFont font = painter.font();
  font.setPixelSize(
      static_cast<int>(std::clamp(area.height() * image_heights_per_font, smallest_font_px, 18.0)));
  const QFontMetricsF metrics(font);
  const double pad = 0.4 * metrics.height();
  const double room = area.width() - 4.0 * pad;
  // Phrases share a line as long as they fit.
  QStringList lines;
  for (const QString& phrase : phrases) {
    const QString joined = lines.isEmpty() ? phrase : lines.last() + "  ·  " + phrase;
    if (!lines.isEmpty() && metrics.horizontalAdvance(joined) <= room) {
      lines.last() = joined;
    } else {
      lines << phrase;
    }
  }
  double width = 0.0;
  for (QString& line : lines) {
    line = metrics.elidedText(line, Qt::ElideRight, room);
    width = std::max(width, metrics.horizontalAdvance(line));
  }
  const double height = static_cast<double>(lines.size()) * metrics.lineSpacing();
  const QRectF box(area.left() + pad, area.bottom() - height - 2.0 * pad, width + 2.0 * pad, height + pad);
  painter.setPen(Qt::NoPen);
  painter.setBrush(QColor(0, 0, 0, 170));
  painter.drawRoundedRect(box, pad * 0.6, pad * 0.6);
  painter.setFont(font);
  painter.setPen(Qt::white);
  double baseline = box.top() + 0.5 * pad + metrics.ascent();
  for (const QString& line : lines) {
    painter.drawText(QPointF(box.left() + pad, baseline), line);
    baseline += metrics.lineSpacing();
  }
}

}  // namespace

void paint_sample(QPainter& painter, const QRectF& target, const GazeSample& sample,
                  const OverlayOptions& options) {
  const QImage image = wrap_frame(sample.frame);
  if (image.isNull() || target.isEmpty()) return;
  const ImageMap map = fit_image(target, image.width(), image.height());
  const double width = line_width(map.area);
  painter.save();
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setClipRect(map.area, Qt::IntersectClip);
  // Qt scales 32-bit pixels twice as fast as gray ones, the conversion included.
  painter.drawImage(map.area, map.scale == 1.0 ? image : image.convertToFormat(QImage::Format_RGB32));

  if (sample.pose && sample.model) {
    const CameraIntrinsics& intrinsics = sample.model->intrinsics;
    if (options.eyeball) paint_eyeball(painter, map, *sample.pose, intrinsics, width);
    if (options.pupil_outline) {
      const auto model_pupil = projected_circle(sample.pose->pupil_in_cam, intrinsics, map);
      if (model_pupil) {
        with_halo(painter, QPen(model_pupil_color, width, Qt::DashLine),
                  [&] { painter.drawPolyline(*model_pupil); });
      }
    }
  }
  if (const PupilObservation* observation = sample.observation()) {
    if (options.pupil_outline) paint_ellipse(painter, map, observation->ellipse, QPen(pupil_color, width));
    if (options.edge_points) {
      painter.setPen(QPen(halo_color, 0.8));
      painter.setBrush(edge_color);
      for (const EdgePoint& point : observation->edge_points) {
        painter.drawEllipse(map(point.position_px.cast<double>()), 1.2 * width, 1.2 * width);
      }
    }
  }
  if (options.optical_axis && sample.pose && sample.model) {
    paint_optical_axis(painter, map, *sample.pose, sample.model->intrinsics, width);
  }
  if (options.caption) paint_caption(painter, map.area, caption_phrases(sample));
  painter.restore();
}

QImage wrap_frame(const FramePtr& frame) {
  if (!frame || frame->gray.view().empty()) return {};
  const GrayView view = frame->gray.view();
  const auto release = [](void* holder) { delete static_cast<FramePtr*>(holder); };
  return {view.data, view.width_px,      view.height_px, view.stride_bytes, QImage::Format_Grayscale8,
          release,   new FramePtr(frame)};
}

}  // namespace yarbus::ui
