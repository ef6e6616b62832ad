#include "ui/preview/preview_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/report/image_marks.h"

namespace yarbus::ui {

namespace {

/// A smaller drag is a click, which takes the whole picture.
constexpr double least_area_side = 0.05;
constexpr double area_step = 0.05;

bool is_whole_picture(const PictureArea& area) { return area == PictureArea{}; }

PictureArea area_moved(const PictureArea& area, double by_x, double by_y) {
  by_x = std::clamp(by_x, -area.left, 1.0 - area.right);
  by_y = std::clamp(by_y, -area.top, 1.0 - area.bottom);
  return {area.left + by_x, area.top + by_y, area.right + by_x, area.bottom + by_y};
}

/// Each side goes out by that share of the picture, or in.
PictureArea area_grown(const PictureArea& area, double by) {
  const PictureArea next{std::max(0.0, area.left - by), std::max(0.0, area.top - by),
                         std::min(1.0, area.right + by), std::min(1.0, area.bottom + by)};
  const bool is_large_enough =
      next.right - next.left >= least_area_side && next.bottom - next.top >= least_area_side;
  return is_large_enough ? next : area;
}

}  // namespace

PreviewView::PreviewView(QWidget* parent) : QWidget(parent) {
  setObjectName("preview_view");
  setAccessibleName("Preview of the camera");
  setAccessibleDescription(
      "The camera's picture. Drag a rectangle over the eye, or use plus, minus and the arrow keys: focus and "
      "exposure are judged there. Home takes the whole picture.");
  setToolTip(
      "Drag a rectangle over the eye: focus and exposure are judged there. A click, or Home, takes the whole "
      "picture; − and + make it smaller and larger, the arrow keys move it.");
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_OpaquePaintEvent);
  setCursor(Qt::CrossCursor);
}

void PreviewView::show_picture(const GrayImage* picture, const QString& text) {
  text_ = text;
  if (picture == nullptr || picture->view().empty()) {
    picture_ = {};
  } else {
    const GrayView view = picture->view();
    const QImage shared(view.data, view.width_px, view.height_px, view.stride_bytes,
                        QImage::Format_Grayscale8);
    picture_ = shared.convertToFormat(QImage::Format_RGB32);  // a copy: the frame goes back to its pool
  }
  update();
}

void PreviewView::set_area(const PictureArea& area) {
  area_ = area;
  update();
}

QRectF PreviewView::picture_rect() const {
  return picture_.isNull() ? QRectF() : fit_image(rect(), picture_.width(), picture_.height()).area;
}

void PreviewView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  // Neutral dark surround in both themes, as around the eye's image.
  painter.fillRect(rect(), QColor(22, 23, 26));
  const QRectF target = picture_rect();
  if (!picture_.isNull()) {
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(target, picture_);
    const PictureArea& area = drag_from_ ? dragged_ : area_;
    if (!is_whole_picture(area)) {
      const QRectF box(target.left() + area.left * target.width(), target.top() + area.top * target.height(),
                       (area.right - area.left) * target.width(), (area.bottom - area.top) * target.height());
      with_halo(painter, QPen(QColor(255, 236, 110), 2.0, Qt::DashLine), [&] { painter.drawRect(box); });
    }
  }
  if (!text_.isEmpty()) {
    painter.setPen(QColor(235, 236, 240));
    if (picture_.isNull()) {
      painter.drawText(rect().adjusted(12, 12, -12, -12), Qt::AlignCenter | Qt::TextWordWrap, text_);
    } else {
      const QRect strip(0, height() - 2 * fontMetrics().height(), width(), 2 * fontMetrics().height());
      painter.fillRect(strip, QColor(0, 0, 0, 170));
      painter.drawText(strip.adjusted(8, 0, -8, 0), Qt::AlignCenter, text_);
    }
  }
  if (hasFocus()) {
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2.0));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
  }
}

QPointF PreviewView::share_at(const QPointF& place) const {
  const QRectF target = picture_rect();
  return {std::clamp((place.x() - target.left()) / target.width(), 0.0, 1.0),
          std::clamp((place.y() - target.top()) / target.height(), 0.0, 1.0)};
}

void PreviewView::choose(const PictureArea& area) {
  update();
  if (area == area_) return;
  area_ = area;
  Q_EMIT area_chosen(area_);
}

void PreviewView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || picture_.isNull()) return;
  drag_from_ = share_at(event->position());
  dragged_ = {};
}

void PreviewView::mouseMoveEvent(QMouseEvent* event) {
  if (!drag_from_) return;
  const QPointF to = share_at(event->position());
  dragged_ = {std::min(drag_from_->x(), to.x()), std::min(drag_from_->y(), to.y()),
              std::max(drag_from_->x(), to.x()), std::max(drag_from_->y(), to.y())};
  if (dragged_.right - dragged_.left < least_area_side || dragged_.bottom - dragged_.top < least_area_side)
    dragged_ = {};
  update();
}

void PreviewView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !drag_from_) return;
  mouseMoveEvent(event);
  drag_from_.reset();
  choose(dragged_);
}

void PreviewView::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Plus:
      return choose(area_grown(area_, area_step));
    case Qt::Key_Minus:
      return choose(area_grown(area_, -area_step));
    case Qt::Key_Left:
      return choose(area_moved(area_, -area_step, 0.0));
    case Qt::Key_Right:
      return choose(area_moved(area_, area_step, 0.0));
    case Qt::Key_Up:
      return choose(area_moved(area_, 0.0, -area_step));
    case Qt::Key_Down:
      return choose(area_moved(area_, 0.0, area_step));
    case Qt::Key_Home:
      return choose({});
    default:
      QWidget::keyPressEvent(event);
  }
}

void PreviewView::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  update();
}

void PreviewView::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  update();
}

}  // namespace yarbus::ui
