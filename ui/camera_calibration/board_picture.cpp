#include "ui/camera_calibration/board_picture.h"

#include <QImage>
#include <QPainter>

#include "ui/report/image_marks.h"

namespace yarbus::ui {

namespace {

// Neutral dark surround in both themes, as around the eye's image.
const QColor surround(22, 23, 26);
const QColor point_color(120, 255, 140);
const QColor kept_color(64, 224, 255);
const QColor removed_color(255, 150, 90);
const QColor selected_color(255, 236, 110);

/// Hatches the cells where nothing was shown yet: a pattern, as colour alone would not be seen by everyone.
void paint_missing_cells(QPainter& painter, const ImageMap& map, int columns, int rows,
                         const std::vector<int>& coverage) {
  if (columns <= 0 || rows <= 0 ||
      coverage.size() != static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows))
    return;
  const double width = map.area.width() / columns;
  const double height = map.area.height() / rows;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const QRectF cell(map.area.left() + column * width, map.area.top() + row * height, width, height);
      painter.setPen(QPen(QColor(255, 255, 255, 70), 1.0, Qt::DotLine));
      painter.setBrush(coverage[static_cast<std::size_t>(row * columns + column)] > 0
                           ? QBrush(Qt::NoBrush)
                           : QBrush(QColor(255, 255, 255, 70), Qt::BDiagPattern));
      painter.drawRect(cell);
    }
  }
}

void paint_outline(QPainter& painter, const ImageMap& map, const std::vector<Eigen::Vector2d>& outline,
                   const QPen& pen) {
  QPolygonF polygon;
  for (const Eigen::Vector2d& corner : outline) polygon << map(corner);
  with_halo(painter, pen, [&] { painter.drawPolygon(polygon); });
}

void paint_points(QPainter& painter, const ImageMap& map, const std::vector<Eigen::Vector2d>& points) {
  const double width = line_width(map.area);
  const QPen pen(point_color, width);
  with_halo(painter, pen, [&] {
    for (const Eigen::Vector2d& point : points) painter.drawEllipse(map(point), 2.6 * width, 2.6 * width);
  });
  if (points.empty()) return;
  // The first one, so that a board that is read turned is seen.
  const QPointF first = map(points.front());
  const double half = 4.5 * width;
  with_halo(painter, pen,
            [&] { painter.drawRect(QRectF(first - QPointF(half, half), QSizeF(2.0 * half, 2.0 * half))); });
}

}  // namespace

BoardPicture::BoardPicture(QWidget* parent) : QWidget(parent) {
  setObjectName("board_picture");
  setAccessibleName("Picture of the camera");
  setAccessibleDescription(
      "The picture with the points of the board found in it, the outlines of the views kept so far and, "
      "hatched, where no board was shown yet. The text above says in words what to show next.");
  setAttribute(Qt::WA_OpaquePaintEvent);
}

void BoardPicture::follow(const CameraCalibrationSnapshot& now) {
  picture_ = now.picture;
  width_px_ = now.width_px;
  height_px_ = now.height_px;
  points_px_ = now.points_px;
  views_ = now.views;
  coverage_columns_ = now.coverage_columns;
  coverage_rows_ = now.coverage_rows;
  coverage_ = now.coverage;
  update();
}

void BoardPicture::select_view(int id) {
  if (id == selected_) return;
  selected_ = id;
  update();
}

void BoardPicture::set_waiting_text(const QString& text) {
  if (text == waiting_text_) return;
  waiting_text_ = text;
  if (!picture_) update();
}

void BoardPicture::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.fillRect(rect(), surround);
  if (!picture_ || picture_->view().empty()) {
    painter.setPen(QColor(190, 192, 198));
    painter.drawText(rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, waiting_text_);
    return;
  }
  const GrayView view = picture_->view();
  const ImageMap map = fit_image(rect(), view.width_px, view.height_px);
  const QImage image(view.data, view.width_px, view.height_px, view.stride_bytes, QImage::Format_Grayscale8);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  painter.drawImage(map.area, image.convertToFormat(QImage::Format_RGB32));
  paint_missing_cells(painter, map, coverage_columns_, coverage_rows_, coverage_);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setClipRect(map.area);
  const double width = line_width(map.area);
  // A picture of another size than the views are for has no place for them.
  if (view.width_px == width_px_ && view.height_px == height_px_) {
    for (const CameraCalibrationView& kept : views_) {
      if (kept.id == selected_) continue;
      QColor color = kept.is_removed ? removed_color : kept_color;
      color.setAlpha(150);
      paint_outline(painter, map, kept.outline_px,
                    QPen(color, 0.8 * width, kept.is_removed ? Qt::DashLine : Qt::SolidLine));
    }
    for (const CameraCalibrationView& kept : views_) {
      if (kept.id == selected_)
        paint_outline(painter, map, kept.outline_px,
                      QPen(selected_color, 2.0 * width, kept.is_removed ? Qt::DashLine : Qt::SolidLine));
    }
  }
  paint_points(painter, map, points_px_);
}

}  // namespace yarbus::ui
