#include "ui/eye_image_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/gaze_pointer.h"
#include "ui/report/face_text.h"
#include "ui/report/image_marks.h"

namespace yarbus::ui {

EyeImageView::EyeImageView(QWidget* parent) : QWidget(parent) {
  setObjectName("eye_image");
  setAccessibleName("Eye image");
  setAccessibleDescription(
      "The camera image with pupil outline, eyeball and optical axis, or of a webcam with the face and both "
      "irises. The status bar says the same in words.");
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_OpaquePaintEvent);
  options_.caption = false;  // the status bar says it
}

void EyeImageView::show_sample(GazeSamplePtr sample) {
  if (sample == sample_) return;
  sample_ = std::move(sample);
  if (enlarged_eye_) follow_enlarged_eye();
  update();
}

void EyeImageView::follow_enlarged_eye() {
  // The picture stands still until the eye has moved enough to be missed.
  constexpr double least_move_share = 0.12;
  constexpr double least_growth = 0.15;
  constexpr double widths_of_eye = 1.7;
  if (!sample_) {
    eye_place_.reset();
    return;
  }
  const IrisPair* pair = iris_pair_of(*sample_);
  if (pair == nullptr) {
    // A closed or covered eye is still where it was; a face that is gone leaves no place.
    const auto* miss = sample_->face ? std::get_if<FaceMiss>(&*sample_->face) : nullptr;
    const bool is_still_there =
        sample_->in_blink || (miss != nullptr && (miss->reason == FaceMissReason::eyes_closed ||
                                                  miss->reason == FaceMissReason::covered));
    if (!is_still_there) eye_place_.reset();
    return;
  }
  if (!pair->eye(*enlarged_eye_)) return;
  const IrisObservation& eye = *pair->eye(*enlarged_eye_);
  const EyePlace now{0.5 * (eye.inner_corner_px + eye.outer_corner_px),
                     widths_of_eye * (eye.inner_corner_px - eye.outer_corner_px).norm()};
  if (!now.center_px.allFinite() || !(now.width_px > 1.0)) return;
  const bool is_near =
      eye_place_ &&
      (now.center_px - eye_place_->center_px).norm() < least_move_share * eye_place_->width_px &&
      std::abs(now.width_px / eye_place_->width_px - 1.0) < least_growth;
  if (!is_near) eye_place_ = now;
}

/// Where the whole image goes for the eye to fill the view.
QRectF EyeImageView::enlarged_target(const GrayView& view) const {
  constexpr double height_share = 0.6;
  const double scale =
      std::min(width() / eye_place_->width_px, height() / (height_share * eye_place_->width_px));
  const QPointF middle = QRectF(rect()).center();
  return {middle.x() - (eye_place_->center_px.x() + 0.5) * scale,
          middle.y() - (eye_place_->center_px.y() + 0.5) * scale, view.width_px * scale,
          view.height_px * scale};
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
  const bool is_whole = !enlarged_eye_ || !sample_ || !sample_->face;
  if (sample_ && is_whole) {
    paint_sample(painter, rect(), *sample_, options_);
  } else if (sample_ && eye_place_ && sample_->frame) {
    painter.setClipRect(rect());
    paint_sample(painter, enlarged_target(sample_->frame->gray.view()), *sample_, options_);
    painter.setClipping(false);
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
  use_cursor();
}

void EyeImageView::set_choosing_face(bool choosing) {
  if (choosing == is_choosing_face_) return;
  is_choosing_face_ = choosing;
  use_cursor();
}

void EyeImageView::use_cursor() {
  if (pointing_ != Pointing::off) {
    setCursor(Qt::CrossCursor);
  } else if (is_choosing_face_) {
    setCursor(Qt::PointingHandCursor);
  } else {
    unsetCursor();
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
  } else if (is_choosing_face_ && event->button() == Qt::LeftButton && sample_ && sample_->frame) {
    const GrayView view = sample_->frame->gray.view();
    const ImageMap map = fit_image(rect(), view.width_px, view.height_px);
    if (map.area.contains(event->position())) Q_EMIT face_chosen(map.place_px(event->position()));
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
