#include "ui/report/calibration_overlay.h"

#include <QFontMetricsF>
#include <QString>
#include <algorithm>

#include "ui/report/image_marks.h"

namespace yarbus::ui {
namespace {

const QColor found_color(64, 224, 255);
const QColor fitted_color(255, 214, 64);
const QColor difference_color(255, 110, 220);
constexpr double enlarged = 20.0;
constexpr int least_side_px = 1000;

}  // namespace

QImage paint_calibration(const CalibrationOverlay& overlay) {
  const GrayView& view = overlay.image;
  const QImage gray(view.data, view.width_px, view.height_px, static_cast<qsizetype>(view.stride_bytes),
                    QImage::Format_Grayscale8);
  const int longer = std::max(view.width_px, view.height_px);
  const int scale = std::max(1, (least_side_px + longer - 1) / longer);
  QImage picture = gray.convertToFormat(QImage::Format_RGB32)
                       .scaled(view.width_px * scale, view.height_px * scale, Qt::KeepAspectRatio,
                               scale > 1 ? Qt::FastTransformation : Qt::SmoothTransformation);
  QPainter painter(&picture);
  painter.setRenderHint(QPainter::Antialiasing);
  const ImageMap map = fit_image(QRectF(picture.rect()), view.width_px, view.height_px);
  const double width = line_width(map.area);
  const double radius = 5.0 * width;
  with_halo(painter, QPen(found_color, width), [&] {
    for (const Eigen::Vector2d& point : overlay.found_px) painter.drawEllipse(map(point), radius, radius);
  });
  with_halo(painter, QPen(fitted_color, width), [&] {
    for (const Eigen::Vector2d& point : overlay.fitted_px) {
      const QPointF at = map(point);
      const double arm = 0.7 * radius;
      painter.drawLine(at - QPointF(arm, arm), at + QPointF(arm, arm));
      painter.drawLine(at - QPointF(arm, -arm), at + QPointF(arm, -arm));
    }
  });
  if (overlay.fitted_px.size() == overlay.found_px.size()) {
    painter.setPen(QPen(difference_color, 1.5 * width));
    for (std::size_t i = 0; i < overlay.found_px.size(); ++i) {
      const Eigen::Vector2d difference = overlay.fitted_px[i] - overlay.found_px[i];
      painter.drawLine(map(overlay.found_px[i]), map(overlay.found_px[i] + enlarged * difference));
    }
  }
  QFont font = painter.font();
  font.setPixelSize(std::max(12, picture.height() / 40));
  painter.setFont(font);
  const QString legend =
      QString::fromStdString(overlay.caption) +
      (overlay.fitted_px.empty() ? QStringLiteral("   ring: found")
                                 : QStringLiteral("   ring: found, cross: fitted, line: difference x20"));
  const QRectF box = QFontMetricsF(font).boundingRect(legend).adjusted(-6, -4, 6, 4);
  const QRectF at(4.0, picture.height() - box.height() - 4.0, box.width(), box.height());
  painter.fillRect(at, QColor(0, 0, 0, 170));
  painter.setPen(Qt::white);
  painter.drawText(at, Qt::AlignCenter, legend);
  return picture;
}

}  // namespace yarbus::ui
