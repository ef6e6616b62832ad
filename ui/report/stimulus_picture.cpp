#include "ui/report/stimulus_picture.h"

#include <QFileInfo>
#include <QImageReader>
#include <QSvgRenderer>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace yarbus::ui {

namespace {

constexpr int small_width_px = 192;       ///< of the copy in which details are looked for
constexpr int detail_step_px = 6;         ///< there
constexpr int detail_reach_px = 9;        ///< half the side of the square, there
constexpr double faintest_detail = 0.12;  ///< of the strongest
constexpr int most_side_px = 20'000;

Error picture_error(ErrorCode code, const QString& what, const QString& path) {
  return {code, what.toStdString(), path.toStdString(), "Choose a PNG, JPEG or SVG picture"};
}

}  // namespace

QString StimulusPicture::name_filter() {
  return "Pictures (*.png *.jpg *.jpeg *.bmp *.gif *.webp *.svg *.svgz);;All files (*)";
}

Result<StimulusPicture> StimulusPicture::load(const QString& path) {
  const QFileInfo info(path);
  if (!info.isFile()) return picture_error(ErrorCode::input_missing, "there is no such picture", path);
  StimulusPicture picture;
  const QString ending = info.suffix().toLower();
  if (ending == "svg" || ending == "svgz") {
    picture.drawing_ = std::make_shared<QSvgRenderer>(path);
    if (!picture.drawing_->isValid())
      return picture_error(ErrorCode::input_unreadable, "this is not an SVG drawing", path);
    picture.size_px_ = picture.drawing_->defaultSize();
  } else {
    QImageReader reader(path);
    reader.setAutoTransform(true);
    picture.image_ = reader.read();
    if (picture.image_.isNull()) {
      const bool is_unknown = reader.error() == QImageReader::UnsupportedFormatError;
      return picture_error(is_unknown ? ErrorCode::unsupported_format : ErrorCode::input_unreadable,
                           "the picture cannot be read: " + reader.errorString(), path);
    }
    picture.size_px_ = picture.image_.size();
  }
  if (picture.size_px_.isEmpty() ||
      std::max(picture.size_px_.width(), picture.size_px_.height()) > most_side_px)
    return picture_error(ErrorCode::unsupported_format,
                         QString("the picture has %1 × %2 px; 1 to %3 are possible")
                             .arg(picture.size_px_.width())
                             .arg(picture.size_px_.height())
                             .arg(most_side_px),
                         path);
  return picture;
}

void StimulusPicture::paint(QPainter& painter, const QRectF& target) const {
  painter.save();
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  if (drawing_ != nullptr) {
    drawing_->render(&painter, target);
  } else {
    painter.drawImage(target, image_);
  }
  painter.restore();
}

QImage StimulusPicture::image(const QSize& size) const {
  if (drawing_ == nullptr)
    return image_.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
        .convertToFormat(QImage::Format_ARGB32_Premultiplied);
  QImage drawn(size, QImage::Format_ARGB32_Premultiplied);
  drawn.fill(Qt::white);
  QPainter painter(&drawn);
  paint(painter, QRectF(QPointF(), QSizeF(size)));
  return drawn;
}

QVector<QPointF> StimulusPicture::details(int most) const {
  const int height = std::max(1, static_cast<int>(std::lround(static_cast<double>(small_width_px) *
                                                              size_px_.height() / size_px_.width())));
  const QImage small = image({small_width_px, height}).convertToFormat(QImage::Format_Grayscale8);
  const auto gray = [&](int x, int y) { return static_cast<int>(small.constScanLine(y)[x]); };
  struct Place {
    int x = 0;
    int y = 0;
    double strength = 0.0;
  };
  std::vector<Place> places;
  for (int y = detail_reach_px + 1; y < height - detail_reach_px - 1; y += detail_step_px) {
    for (int x = detail_reach_px + 1; x < small_width_px - detail_reach_px - 1; x += detail_step_px) {
      double sum = 0.0;
      for (int v = y - detail_reach_px; v <= y + detail_reach_px; ++v) {
        for (int u = x - detail_reach_px; u <= x + detail_reach_px; ++u)
          sum += std::abs(gray(u + 1, v) - gray(u - 1, v)) + std::abs(gray(u, v + 1) - gray(u, v - 1));
      }
      places.push_back({x, y, sum});
    }
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return a.strength > b.strength; });
  QVector<QPointF> details;
  std::vector<Place> taken;
  for (const Place& place : places) {
    if (details.size() >= most || place.strength <= 0.0 ||
        place.strength < faintest_detail * places.front().strength)
      break;
    const bool is_near = std::any_of(taken.begin(), taken.end(), [&](const Place& other) {
      return std::hypot(place.x - other.x, place.y - other.y) < 2.0 * detail_reach_px;
    });
    if (is_near) continue;
    taken.push_back(place);
    details << QPointF((place.x + 0.5) * size_px_.width() / small_width_px - 0.5,
                       (place.y + 0.5) * size_px_.height() / height - 0.5);
  }
  return details;
}

}  // namespace yarbus::ui
