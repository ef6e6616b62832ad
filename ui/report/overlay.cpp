#include "ui/report/overlay.h"

#include <QFontMetricsF>
#include <QPainterPath>
#include <QPolygonF>
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "eyemodel/types/angle.h"
#include "ui/report/face_marks.h"
#include "ui/report/image_marks.h"
#include "ui/report/sample_text.h"
#include "ui/scene_shapes.h"

namespace yarbus::ui {

namespace {

const QColor model_pupil_color(255, 214, 64);

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

/// The pupil as the model sees it; through the cornea it is not where the bare disc would be.
std::optional<QPolygonF> model_outline(const EyePose& pose, const EyeModel& model, const ImageMap& map) {
  if (model.stage != FitStage::refraction) return projected_circle(pose.pupil_in_cam, model.intrinsics, map);
  if (!pose.reprojected_ellipse.is_valid()) return std::nullopt;
  QPolygonF polygon;
  polygon.reserve(outline_segments + 1);
  for (int i = 0; i <= outline_segments; ++i) {
    const Eigen::Vector2d point = pose.reprojected_ellipse.point_at(two_pi * i / outline_segments);
    polygon << map(model.intrinsics.distort(point));
  }
  return polygon;
}

void paint_eyeball(QPainter& painter, const ImageMap& map, const EyePose& pose, const EyeModel& model,
                   double width) {
  // The eyeball that the cornea sits on; without a cornea the one that the pupil lies on.
  const auto sclera_mm = model.stage == FitStage::refraction ? sclera_radius_mm(model.anatomy) : std::nullopt;
  const auto outline =
      visible_outline_of_sphere(pose.eye_center_in_cam_mm, sclera_mm.value_or(pose.eyeball_radius_mm));
  if (!outline) return;
  const auto polygon = projected_circle(*outline, model.intrinsics, map);
  if (!polygon) return;
  with_halo(painter, QPen(eyeball_color, width), [&] { painter.drawPolyline(*polygon); });
}

/// The optical axis in the image (painter coordinates): from the eye's centre to a tip in front of the pupil.
struct AxisLine {
  QPointF from;
  QPointF pupil;
  QPointF to;
  double length_mm = 0.0;  ///< from the pupil to the tip
};

std::optional<AxisLine> project_axis(const Eigen::Vector3d& center, double eyeball_radius_mm,
                                     const Circle3& pupil_in_cam, const CameraIntrinsics& intrinsics,
                                     const ImageMap& map) {
  // The axis is drawn one and a half radii beyond the pupil, but never past this share of the way to the
  // camera.
  constexpr double length_in_radii = 1.5;
  constexpr double nearest_share = 0.35;
  const Eigen::Vector3d& pupil = pupil_in_cam.center_in_cam_mm;
  const Eigen::Vector3d& gaze = pupil_in_cam.normal_in_cam;
  double length_mm = length_in_radii * eyeball_radius_mm;
  const double nearest_mm = nearest_share * center.z();
  if (gaze.z() < 0.0) length_mm = std::min(length_mm, (pupil.z() - nearest_mm) / -gaze.z());
  const Eigen::Vector3d tip = pupil + std::max(length_mm, 0.0) * gaze;
  if (!center.allFinite() || !tip.allFinite() || center.z() <= 0.0 || tip.z() <= 0.0 || pupil.z() <= 0.0)
    return std::nullopt;
  return AxisLine{map(intrinsics.project(center)), map(intrinsics.project(pupil)),
                  map(intrinsics.project(tip)), std::max(length_mm, 0.0)};
}

void paint_optical_axis(QPainter& painter, const ImageMap& map, const EyePose& pose,
                        const CameraIntrinsics& intrinsics, double width) {
  const auto line =
      project_axis(pose.eye_center_in_cam_mm, pose.eyeball_radius_mm, pose.pupil_in_cam, intrinsics, map);
  if (!line) return;
  const auto& [from, pupil, to, length_mm] = *line;
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
  if (!pose.uncertainty) return;
  // Where the tip may be as well.
  const Circle3 region =
      cone_base(pose.pupil_in_cam, pose.uncertainty->gaze_cone_rad(drawn_share), length_mm);
  if (const auto polygon = projected_circle(region, intrinsics, map))
    with_halo(painter, QPen(axis_color, 0.8 * width), [&] { painter.drawPolyline(*polygon); });
}

QPolygonF diamond(const QPointF& at, double reach) {
  return {{at + QPointF(0, -reach), at + QPointF(reach, 0), at + QPointF(0, reach), at + QPointF(-reach, 0),
           at + QPointF(0, -reach)}};
}

void paint_truth(QPainter& painter, const ImageMap& map, const SimulatedTruth& truth, bool with_axis,
                 double width) {
  if (truth.pupil_ellipse.is_valid()) {
    const QPolygonF polygon = outline_polygon(map, truth.pupil_ellipse);
    with_dotted_halo(painter, width, [&] { painter.drawPolyline(polygon); });
  }
  if (!with_axis) return;
  Circle3 pupil = truth.pupil_in_cam;
  pupil.normal_in_cam = truth.optical_axis_in_cam;
  const auto line =
      project_axis(truth.eye_center_in_cam_mm, truth.eyeball_radius_mm, pupil, truth.intrinsics, map);
  if (!line) return;
  with_dotted_halo(painter, width, [&] { painter.drawLine(line->pupil, line->to); });
  with_halo(painter, QPen(truth_color, width), [&] { painter.drawPolyline(diamond(line->to, 3.5 * width)); });
}

/// Font for words over an image.
QFont overlay_font(const QPainter& painter, const QRectF& area) {
  constexpr double smallest_font_px = 10.0;
  constexpr double image_heights_per_font = 1.0 / 32.0;
  QFont font = painter.font();
  font.setPixelSize(
      static_cast<int>(std::clamp(area.height() * image_heights_per_font, smallest_font_px, 18.0)));
  return font;
}

/// Says which line is which, once the truth lies over what was found.
void paint_legend(QPainter& painter, const QRectF& area, const OverlayOptions& options, bool has_model,
                  double width) {
  struct Entry {
    QString name;
    QPen pen;
    bool is_axis = false;
  };
  std::vector<Entry> entries;
  if (options.pupil_outline) {
    entries.push_back({"found", QPen(pupil_color, width)});
    if (has_model) entries.push_back({"model", QPen(model_pupil_color, width, Qt::DashLine)});
  }
  entries.push_back({"truth", truth_pen(width)});
  if (options.optical_axis) entries.push_back({"true axis", truth_pen(width), true});
  const QFont font = overlay_font(painter, area);
  const QFontMetricsF metrics(font);
  const double pad = 0.4 * metrics.height();
  const double stroke = 2.4 * metrics.height();
  double words = 0.0;
  for (const Entry& entry : entries) words = std::max(words, metrics.horizontalAdvance(entry.name));
  const QRectF box(area.left() + pad, area.top() + pad, words + stroke + 3.0 * pad,
                   static_cast<double>(entries.size()) * metrics.lineSpacing() + pad);
  painter.setPen(Qt::NoPen);
  painter.setBrush(QColor(0, 0, 0, 170));
  painter.drawRoundedRect(box, pad * 0.6, pad * 0.6);
  painter.setFont(font);
  double top = box.top() + 0.5 * pad;
  for (const Entry& entry : entries) {
    const double middle = top + 0.5 * metrics.lineSpacing();
    const QPointF from(box.left() + pad, middle);
    const QPointF to = from + QPointF(stroke, 0.0);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(entry.pen);
    painter.drawLine(from, to);
    if (entry.is_axis) {
      painter.setPen(QPen(truth_color, width));
      painter.drawPolyline(diamond(to - QPointF(2.5 * width, 0.0), 2.5 * width));
    }
    painter.setPen(Qt::white);
    painter.drawText(QPointF(to.x() + pad, top + metrics.ascent()), entry.name);
    top += metrics.lineSpacing();
  }
}

void paint_caption(QPainter& painter, const QRectF& area, const QStringList& phrases) {
  const QFont font = overlay_font(painter, area);
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

/// The part of the image that is seen: of an enlarged one the rest would cost much.
void paint_image(QPainter& painter, const ImageMap& map, const QImage& image) {
  const QRectF seen = painter.clipBoundingRect();
  const Eigen::Vector2d from_px = map.place_px(seen.topLeft());
  const Eigen::Vector2d to_px = map.place_px(seen.bottomRight());
  QRect part(
      QPoint(static_cast<int>(std::floor(from_px.x())) - 1, static_cast<int>(std::floor(from_px.y())) - 1),
      QPoint(static_cast<int>(std::ceil(to_px.x())) + 1, static_cast<int>(std::ceil(to_px.y())) + 1));
  part = part.intersected(image.rect());
  if (part.isEmpty()) return;
  const bool is_whole = part == image.rect();
  const QPointF corner = map(Eigen::Vector2d(part.x() - 0.5, part.y() - 0.5));
  const QRectF area = is_whole ? map.area : QRectF(corner, QSizeF(part.size()) * map.scale);
  const QImage shown = is_whole ? image : image.copy(part);
  // Qt scales 32-bit pixels twice as fast as gray ones, the conversion included.
  painter.drawImage(area, map.scale == 1.0 ? shown : shown.convertToFormat(QImage::Format_RGB32));
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
  paint_image(painter, map, image);
  if (sample.face) {
    paint_face(painter, map, *sample.face, options, width);
    if (options.true_outline && sample.frame->face_truth) {
      paint_face_truth(painter, map, *sample.frame->face_truth, options, width);
      paint_legend(painter, map.area, options, false, width);
    }
  }
  if (sample.pose && sample.model) {
    if (options.eyeball) paint_eyeball(painter, map, *sample.pose, *sample.model, width);
    if (options.pupil_outline) {
      const auto model_pupil = model_outline(*sample.pose, *sample.model, map);
      if (model_pupil) {
        with_halo(painter, QPen(model_pupil_color, width, Qt::DashLine),
                  [&] { painter.drawPolyline(*model_pupil); });
      }
    }
  }
  if (const PupilObservation* observation = sample.observation()) {
    if (options.pupil_outline) paint_ellipse(painter, map, observation->ellipse, QPen(pupil_color, width));
    if (options.edge_points) paint_edge_points(painter, map, *observation, width);
  }
  if (options.optical_axis && sample.pose && sample.model) {
    paint_optical_axis(painter, map, *sample.pose, sample.model->intrinsics, width);
  }
  if (options.true_outline && sample.frame->truth) {
    paint_truth(painter, map, *sample.frame->truth, options.optical_axis, width);
    paint_legend(painter, map.area, options, sample.pose.has_value(), width);
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
