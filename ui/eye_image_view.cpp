#include "ui/eye_image_view.h"

#include <QPainter>

namespace yarbus::ui {

EyeImageView::EyeImageView(QWidget* parent) : QWidget(parent) {
  setObjectName("eye_image");
  setAccessibleName("Eye image");
  setAccessibleDescription(
      "The camera image with pupil outline, eyeball and optical axis. The status bar says the same in "
      "words.");
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_OpaquePaintEvent);
  options_.caption = false;  // the status bar says it
}

void EyeImageView::show_sample(GazeSamplePtr sample) {
  if (sample == sample_) return;
  sample_ = std::move(sample);
  update();
}

void EyeImageView::set_overlay(const OverlayOptions& options) {
  options_ = options;
  update();
}

void EyeImageView::set_waiting_text(const QString& text) {
  if (text == waiting_text_) return;
  waiting_text_ = text;
  if (!sample_) update();
}

void EyeImageView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  // Neutral dark surround in both themes: the judgement of grays needs it.
  painter.fillRect(rect(), QColor(22, 23, 26));
  if (sample_) {
    paint_sample(painter, rect(), *sample_, options_);
  } else {
    painter.setPen(QColor(190, 192, 198));
    painter.drawText(rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, waiting_text_);
  }
  if (hasFocus()) {
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2.0));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
  }
}

}  // namespace yarbus::ui
