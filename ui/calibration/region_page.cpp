#include "ui/calibration/region_page.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

namespace yarbus::ui {

namespace {
constexpr int cells_across = 3;
}

RegionView::RegionView(QWidget* parent) : QWidget(parent) {
  setObjectName("region_view");
  setAccessibleName("Part of the screen to calibrate again");
  setAccessibleDescription("Arrow keys move the part, Shift with arrow keys makes it larger or smaller.");
  setFocusPolicy(Qt::StrongFocus);
  setMinimumSize(320, 230);
}

void RegionView::show_result(const CalibrationResult& result) {
  map_ = screen_map_of(result);
  choose(cells_);
}

ScreenRegion RegionView::region() const {
  const Eigen::Vector2d cell(map_.screen.width_mm / cells_across, map_.screen.height_mm / cells_across);
  return {{cells_.x() * cell.x(), cells_.y() * cell.y()},
          {(cells_.x() + cells_.width()) * cell.x(), (cells_.y() + cells_.height()) * cell.y()}};
}

QRectF RegionView::area() const {
  return screen_map_area(QRectF(rect()).adjusted(3.0, 3.0, -3.0, -3.0), map_.screen, fontInfo().pixelSize());
}

QPointF RegionView::cell_place(int column, int row) const {
  const QRectF where = area();
  return {where.left() + where.width() * (column + 0.5) / cells_across,
          where.top() + where.height() * (row + 0.5) / cells_across};
}

QPoint RegionView::cell_at(const QPointF& place) const {
  const QRectF where = area();
  const auto index = [](double share) {
    return std::clamp(static_cast<int>(share * cells_across), 0, cells_across - 1);
  };
  return {index((place.x() - where.left()) / where.width()),
          index((place.y() - where.top()) / where.height())};
}

void RegionView::choose(const QRect& cells) {
  cells_ = cells;
  map_.region = region();
  update();
  Q_EMIT changed();
}

void RegionView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  paint_screen_map(painter, QRectF(rect()).adjusted(3.0, 3.0, -3.0, -3.0), map_, palette(),
                   fontInfo().pixelSize());
  const QRectF where = area();
  QColor line = palette().color(QPalette::Text);
  line.setAlphaF(0.3F);
  painter.setPen(QPen(line, 1.0, Qt::DashLine));
  for (int i = 1; i < cells_across; ++i) {
    const double x = where.left() + where.width() * i / cells_across;
    const double y = where.top() + where.height() * i / cells_across;
    painter.drawLine(QPointF(x, where.top()), QPointF(x, where.bottom()));
    painter.drawLine(QPointF(where.left(), y), QPointF(where.right(), y));
  }
  if (hasFocus()) {
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2.0));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
  }
}

void RegionView::mousePressEvent(QMouseEvent* event) {
  anchor_ = cell_at(event->position());
  choose(QRect(anchor_, QSize(1, 1)));
}

void RegionView::mouseMoveEvent(QMouseEvent* event) {
  if ((event->buttons() & Qt::LeftButton) == 0) return;
  const QPoint to = cell_at(event->position());
  const QPoint low(std::min(anchor_.x(), to.x()), std::min(anchor_.y(), to.y()));
  const QPoint high(std::max(anchor_.x(), to.x()), std::max(anchor_.y(), to.y()));
  choose(QRect(low, high));
}

void RegionView::keyPressEvent(QKeyEvent* event) {
  QPoint step;
  switch (event->key()) {
    case Qt::Key_Left:
      step = {-1, 0};
      break;
    case Qt::Key_Right:
      step = {1, 0};
      break;
    case Qt::Key_Up:
      step = {0, -1};
      break;
    case Qt::Key_Down:
      step = {0, 1};
      break;
    default:
      QWidget::keyPressEvent(event);
      return;
  }
  QRect next = cells_;
  if ((event->modifiers() & Qt::ShiftModifier) != 0) {
    next.setWidth(std::clamp(next.width() + step.x(), 1, cells_across - next.x()));
    next.setHeight(std::clamp(next.height() + step.y(), 1, cells_across - next.y()));
  } else {
    next.moveTo(std::clamp(next.x() + step.x(), 0, cells_across - next.width()),
                std::clamp(next.y() + step.y(), 0, cells_across - next.height()));
  }
  choose(next);
}

RegionPage::RegionPage(QWidget* parent)
    : QWidget(parent),
      frame_(*this, "Calibrate a part of the screen again", false),
      text_(wrapped_label({}, this)),
      view_(new RegionView(this)) {
  setObjectName("region_page");
  frame_.column()->addWidget(text_);
  frame_.column()->addWidget(view_, 1);
  auto* cancel = frame_.add_button("Cancel", "region_cancel");
  start_ = frame_.add_button("Start", "region_start", true);
  connect(cancel, &QPushButton::clicked, this, &RegionPage::cancelled);
  connect(start_, &QPushButton::clicked, this, [this] { Q_EMIT start_wanted(view_->region()); });
}

void RegionPage::follow(const CalibrationResultPtr& result) {
  if (result == result_ && !text_->text().isEmpty()) return;
  result_ = result;
  start_->setEnabled(result_ != nullptr);
  view_->setEnabled(result_ != nullptr);
  text_->setText(
      result_ ? "Choose the part with the mouse (drag over several cells) or the arrow keys (Shift makes it "
                "larger). Its points replace those of the calibration in force that lie within it."
              : "There is no calibration in force: calibrate the whole screen first.");
  if (result_) view_->show_result(*result_);
}

}  // namespace yarbus::ui
