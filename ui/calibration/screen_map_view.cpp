#include "ui/calibration/screen_map_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <limits>

namespace yarbus::ui {

ScreenMapView::ScreenMapView(QWidget* parent) : QWidget(parent) {
  setObjectName("screen_map");
  setAccessibleName("Map of the screen with its targets");
}

void ScreenMapView::show_map(const ScreenMap& map) {
  const int selected = map_.selected;
  map_ = map;
  map_.selected = -1;
  for (const PointView& point : map_.points) {
    if (point.point == selected) map_.selected = selected;
  }
  setAccessibleDescription(screen_map_words(map_));
  if (map_.selected != selected) Q_EMIT selection_changed(map_.selected);
  update();
}

void ScreenMapView::set_selectable(bool is_selectable) {
  is_selectable_ = is_selectable;
  setFocusPolicy(is_selectable ? Qt::StrongFocus : Qt::NoFocus);
}

void ScreenMapView::select(int point) {
  if (point == map_.selected) return;
  map_.selected = point;
  update();
  Q_EMIT selection_changed(point);
}

double ScreenMapView::font_px() const { return fontInfo().pixelSize() * 0.92; }

QRectF ScreenMapView::target() const { return QRectF(rect()).adjusted(3.0, 3.0, -3.0, -3.0); }

QPointF ScreenMapView::place_of(const PointView& point) const {
  return screen_map_place(screen_map_area(target(), map_.screen, font_px()), map_.screen,
                          point.position_in_screen_mm);
}

void ScreenMapView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  paint_screen_map(painter, target(), map_, palette(), font_px());
  if (hasFocus()) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2.0));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
  }
}

void ScreenMapView::mousePressEvent(QMouseEvent* event) {
  if (!is_selectable_ || event->button() != Qt::LeftButton) {
    QWidget::mousePressEvent(event);
    return;
  }
  const QRectF area = screen_map_area(target(), map_.screen, font_px());
  const int point = screen_map_point_at(area, map_, event->position(), font_px());
  const bool is_second = point >= 0 && point == map_.selected;
  select(point);
  if (is_second) Q_EMIT redo_wanted(point);
}

void ScreenMapView::move_selection(const Eigen::Vector2d& direction) {
  const PointView* from = nullptr;
  for (const PointView& point : map_.points) {
    if (point.point == map_.selected) from = &point;
  }
  if (from == nullptr) {
    if (!map_.points.empty()) select(map_.points.front().point);
    return;
  }
  double best_cost = std::numeric_limits<double>::infinity();
  int best = -1;
  for (const PointView& point : map_.points) {
    const Eigen::Vector2d step = point.position_in_screen_mm - from->position_in_screen_mm;
    const double along = step.dot(direction);
    if (along <= 1.0) continue;
    // The nearest, with what lies aside counted double.
    const double cost = along + 2.0 * (step - along * direction).norm();
    if (cost < best_cost) {
      best_cost = cost;
      best = point.point;
    }
  }
  if (best >= 0) select(best);
}

void ScreenMapView::keyPressEvent(QKeyEvent* event) {
  if (is_selectable_) {
    switch (event->key()) {
      case Qt::Key_Left:
        return move_selection({-1.0, 0.0});
      case Qt::Key_Right:
        return move_selection({1.0, 0.0});
      case Qt::Key_Up:
        return move_selection({0.0, -1.0});
      case Qt::Key_Down:
        return move_selection({0.0, 1.0});
      case Qt::Key_Return:
      case Qt::Key_Enter:
        if (map_.selected >= 0) {
          Q_EMIT redo_wanted(map_.selected);
          return;
        }
        break;
      default:
        break;
    }
  }
  QWidget::keyPressEvent(event);
}

}  // namespace yarbus::ui
