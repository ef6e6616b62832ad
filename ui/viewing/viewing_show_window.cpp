#include "ui/viewing/viewing_show_window.h"

#include <QCloseEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QTimer>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace yarbus::ui {

namespace {

const QColor show_background(128, 128, 128);
const QColor task_ink(16, 16, 20);
const QColor show_status_ink(58, 58, 60);
constexpr double show_margin_share = 0.05;  ///< of the screen, on each side: gaze is less sure at its edge
constexpr double show_status_height = 64.0;
constexpr const char* show_keys =
    "Space: go on. P: pause. S: skip this task. Esc: end the viewing; what was shown is kept.";

}  // namespace

ScreenRegion place_for_picture(const QSize& picture_px, const ScreenGeometry& screen) {
  const Eigen::Vector2d screen_mm(screen.width_mm, screen.height_mm);
  const Eigen::Vector2d room_mm = (1.0 - 2.0 * show_margin_share) * screen_mm;
  const double scale = std::min(room_mm.x() / picture_px.width(), room_mm.y() / picture_px.height());
  const Eigen::Vector2d half_mm = 0.5 * scale * Eigen::Vector2d(picture_px.width(), picture_px.height());
  return {0.5 * screen_mm - half_mm, 0.5 * screen_mm + half_mm};
}

ViewingShowWindow::ViewingShowWindow(ViewingControl& control, QWidget* parent)
    : QWidget(parent, Qt::Window | Qt::FramelessWindowHint), control_(control) {
  setObjectName("viewing_show_window");
  setWindowTitle("Viewing session – Yarbus");
  setAccessibleName("Viewing session");
  setAccessibleDescription(show_keys);
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_OpaquePaintEvent);
  setCursor(Qt::BlankCursor);
}

void ViewingShowWindow::show_on(const Monitor& monitor, QScreen* screen, const ScreenGeometry& geometry,
                                const ScreenRegion& area, const StimulusPicture& picture) {
  monitor_area_ = monitor.area;
  size_mm_ = {geometry.width_mm, geometry.height_mm};
  area_mm_ = area;
  picture_ = picture;
  drawn_ = QImage();
  painted_.reset();
  reported_.reset();
  asks_to_end_ = false;
  now_ = {};
  if (screen != nullptr) setScreen(screen);
  // The geometry first: where no window manager does it, nobody else will.
  setGeometry(monitor.area);
  showFullScreen();
  raise();
  activateWindow();
  setFocus();
}

ScreenScale ViewingShowWindow::scale() const {
  QRectF area(rect());
  // A window that does not cover its monitor (a panel, a desktop without full screen) knows where it is.
  if (size() != monitor_area_.size() && !monitor_area_.isEmpty())
    area = QRectF(monitor_area_.translated(-mapToGlobal(QPoint(0, 0))));
  return {area, size_mm_};
}

QRectF ViewingShowWindow::picture_place() const {
  if (!scale().is_usable()) return {};
  return {scale().place_of(area_mm_.low_mm), scale().place_of(area_mm_.high_mm)};
}

QString ViewingShowWindow::middle_text() const {
  if (asks_to_end_) return "End the viewing?\n\nEsc again: end; what was shown is kept\nSpace: go on";
  switch (now_.stage) {
    case ViewingStage::starting:
      return "One moment: the recording starts …";
    case ViewingStage::finishing:
    case ViewingStage::done:
      return "Thank you.";
    case ViewingStage::idle:
    case ViewingStage::failed:
      return {};
    case ViewingStage::running:
      break;
  }
  if (now_.run.phase == ViewingPhase::paused)
    return "Paused\n\nSpace or P: go on, the task begins anew\nS: skip this task     Esc: end";
  const auto task = static_cast<std::size_t>(now_.run.task);
  if (now_.run.phase == ViewingPhase::instruction && task < now_.plan.tasks.size())
    return QString::fromStdString(now_.plan.tasks[task].text);
  return {};
}

QString ViewingShowWindow::status_text() const {
  if (now_.stage != ViewingStage::running || now_.run.phase != ViewingPhase::instruction || asks_to_end_)
    return {};
  const QString next = now_.run.waits_for_key
                           ? QString("Space: show the picture")
                           : QString("the picture comes in %1 s").arg(std::ceil(now_.run.time_left_s));
  return QString("task %1 of %2   ·   %3   ·   P: pause, S: skip, Esc: end")
      .arg(now_.run.position + 1)
      .arg(now_.run.tasks)
      .arg(next);
}

void ViewingShowWindow::follow(const ViewingView& now) {
  const ViewingView before = std::move(now_);
  now_ = now;
  if (now_.stage != ViewingStage::running) asks_to_end_ = false;
  const QString text = middle_text();
  setCursor(shows_picture() || now_.run.phase == ViewingPhase::instruction ? Qt::BlankCursor
                                                                           : Qt::ArrowCursor);
  setAccessibleDescription(text.isEmpty() ? QString(show_keys) : text + ". " + show_keys);
  if (before.stage != now_.stage || before.run.page != now_.run.page) {
    update();
  } else if (!shows_picture() && std::ceil(before.run.time_left_s) != std::ceil(now_.run.time_left_s)) {
    update(0, height() - static_cast<int>(show_status_height), width(), static_cast<int>(show_status_height));
  }
}

void ViewingShowWindow::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  painter.fillRect(event->rect(), show_background);
  if (shows_picture() && picture_) {
    const QRectF place = picture_place();
    const QSize size = (place.size() * devicePixelRatioF()).toSize();
    if (drawn_.size() != size && !size.isEmpty()) drawn_ = picture_->image(size);
    painter.drawImage(place, drawn_);
  } else {
    QFont font = this->font();
    font.setPointSizeF(1.9 * font.pointSizeF());
    painter.setFont(font);
    painter.setPen(task_ink);
    const int margin = std::max(40, width() / 8);
    painter.drawText(rect().adjusted(margin, 40, -margin, -static_cast<int>(show_status_height)),
                     Qt::AlignCenter | Qt::TextWordWrap, middle_text());
    painter.setFont(this->font());
    painter.setPen(show_status_ink);
    painter.drawText(QRectF(0.0, height() - show_status_height, width(), show_status_height), Qt::AlignCenter,
                     status_text());
  }
  if (now_.stage == ViewingStage::running && !asks_to_end_ && painted_ != now_.run.page) {
    painted_ = now_.run.page;
    // After this event the page goes to the screen; what waits in the queue comes later than that.
    QTimer::singleShot(0, this, &ViewingShowWindow::report_shown);
  }
}

void ViewingShowWindow::report_shown() {
  if (!painted_ || reported_ == painted_ || !isVisible()) return;
  reported_ = painted_;
  control_.page_shown(*painted_, std::chrono::steady_clock::now().time_since_epoch());
}

void ViewingShowWindow::press_escape() {
  if (asks_to_end_ || now_.stage != ViewingStage::running) {
    asks_to_end_ = false;
    control_.cancel();
    return;
  }
  asks_to_end_ = true;
  control_.pause();
  update();
}

void ViewingShowWindow::keyPressEvent(QKeyEvent* event) {
  const bool was_asking = std::exchange(asks_to_end_, event->key() == Qt::Key_Escape && asks_to_end_);
  const bool is_paused = now_.run.phase == ViewingPhase::paused || was_asking;
  switch (event->key()) {
    case Qt::Key_Escape:
      press_escape();
      return;
    case Qt::Key_Space:
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (event->isAutoRepeat()) return;
      is_paused ? control_.resume() : control_.accept();
      break;
    case Qt::Key_P:
      if (event->isAutoRepeat()) return;
      is_paused ? control_.resume() : control_.pause();
      break;
    case Qt::Key_S:
      if (event->isAutoRepeat()) return;
      control_.skip();
      break;
    default:
      asks_to_end_ = was_asking;
      QWidget::keyPressEvent(event);
      return;
  }
  if (was_asking) update();
}

void ViewingShowWindow::closeEvent(QCloseEvent* event) {
  // Asks first, as Esc does.
  event->ignore();
  press_escape();
}

}  // namespace yarbus::ui
