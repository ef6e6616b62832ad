#include "ui/eye_image_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "ui/gaze_pointer.h"
#include "ui/report/image_marks.h"

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

void EyeImageView::set_pointing(Pointing pointing) {
  if (pointing == pointing_) return;
  pointing_ = pointing;
  setMouseTracking(pointing == Pointing::moved);
  if (pointing == Pointing::off) {
    unsetCursor();
  } else {
    setCursor(Qt::CrossCursor);
  }
}

void EyeImageView::point(const QMouseEvent& event) {
  if (!sample_ || !sample_->frame) return;
  const GrayView view = sample_->frame->gray.view();
  if (view.empty()) return;
  Q_EMIT pointed(pointer_deg_at(event.position(), image_area(rect(), view.width_px, view.height_px)));
}

void EyeImageView::mousePressEvent(QMouseEvent* event) {
  if (pointing_ != Pointing::off && event->button() == Qt::LeftButton) {
    setFocus(Qt::MouseFocusReason);
    point(*event);
  } else {
    QWidget::mousePressEvent(event);
  }
}

void EyeImageView::mouseMoveEvent(QMouseEvent* event) {
  const bool is_dragged = (event->buttons() & Qt::LeftButton) != 0;
  if (pointing_ == Pointing::moved || (pointing_ == Pointing::pressed && is_dragged)) {
    point(*event);
  } else {
    QWidget::mouseMoveEvent(event);
  }
}

void EyeImageView::keyPressEvent(QKeyEvent* event) {
  constexpr double step_deg = 2.0;
  Eigen::Vector2d by_deg = Eigen::Vector2d::Zero();
  switch (event->key()) {
    case Qt::Key_Left:
      by_deg.x() = -step_deg;
      break;
    case Qt::Key_Right:
      by_deg.x() = step_deg;
      break;
    case Qt::Key_Up:
      by_deg.y() = step_deg;
      break;
    case Qt::Key_Down:
      by_deg.y() = -step_deg;
      break;
    default:
      break;
  }
  if (pointing_ == Pointing::off || by_deg.isZero()) {
    QWidget::keyPressEvent(event);
  } else {
    Q_EMIT pointed_further(by_deg);
  }
}

}  // namespace yarbus::ui
