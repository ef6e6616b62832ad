#include "ui/preview/histogram_view.h"

#include <QPainter>
#include <algorithm>

namespace yarbus::ui {

HistogramView::HistogramView(QWidget* parent) : QWidget(parent) {
  setObjectName("histogram");
  setAccessibleName("Histogram of gray levels");
  setToolTip("Pixels by gray level: black at the left, white at the right");
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void HistogramView::show_quality(const PictureQuality& quality) {
  shares_ = quality.histogram;
  update();
}

void HistogramView::clear() {
  shares_ = {};
  update();
}

void HistogramView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
  painter.fillRect(frame, palette().color(QPalette::Base));
  // A large black or white part must not flatten the rest: heights are square roots of the shares.
  const float most = *std::max_element(shares_.begin(), shares_.end());
  if (most > 0.0F) {
    const double width = frame.width() / static_cast<double>(shares_.size());
    const QColor ink = palette().color(QPalette::Text);
    for (std::size_t i = 0; i < shares_.size(); ++i) {
      const double height = frame.height() * std::sqrt(static_cast<double>(shares_[i] / most));
      painter.fillRect(
          QRectF(frame.left() + static_cast<double>(i) * width, frame.bottom() - height, width, height), ink);
    }
  }
  painter.setPen(palette().color(QPalette::Mid));
  painter.drawRect(frame);
}

}  // namespace yarbus::ui
