#pragma once

#include <QImage>
#include <QPainter>
#include <QString>
#include <QVector>
#include <memory>

#include "eyemodel/types/result.h"

class QSvgRenderer;

namespace yarbus::ui {

/// A picture to be shown to somebody: an image file or an SVG drawing, which stays sharp at any size.
/// Frames & units: picture px, (0, 0) the centre of the top-left pixel; of an SVG drawing its own units.
class StimulusPicture {
 public:
  /// Errors: input_missing, input_unreadable (no picture, or too large), unsupported_format.
  static Result<StimulusPicture> load(const QString& path);

  [[nodiscard]] QSize size_px() const { return size_px_; }
  /// The whole picture, stretched over `target`.
  void paint(QPainter& painter, const QRectF& target) const;
  /// The same as pixels, for where it is painted again and again.
  [[nodiscard]] QImage image(const QSize& size) const;
  /// Where there is most to see: places with the strongest edges around them, apart from one another, the
  /// strongest first; none in a picture without edges. Method: gradients of lightness in a small copy, summed
  /// over a square; a place suppresses others near it.
  [[nodiscard]] QVector<QPointF> details(int most = 24) const;

  /// What file dialogs ask for.
  static QString name_filter();

 private:
  QSize size_px_;
  QImage image_;                           ///< unless it is a drawing
  std::shared_ptr<QSvgRenderer> drawing_;  ///< else null
};

}  // namespace yarbus::ui
