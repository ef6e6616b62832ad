#include "ui/calibration/target_window.h"

#include <QCloseEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QTimer>
#include <QWindow>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

#include "ui/calibration/target_mark.h"
#include "ui/report/calibration_words.h"

namespace yarbus::ui {

namespace {

const QColor status_color(70, 70, 70);  // quiet: nothing there may catch the eye
const QColor text_color(16, 16, 20);
constexpr double status_height = 56.0;
constexpr double instruction_height = 120.0;
constexpr const char* target_keys_text =
    "Space: next target. P: pause. S: skip. R: the last point again. Esc: abort.";
constexpr const char* turn_head_text =
    "Keep looking at the point and turn your head slowly: left, right, up, down";

bool is_showing(ProcedurePhase phase) {
  return phase == ProcedurePhase::calibration || phase == ProcedurePhase::validation;
}

/// "point 3 of 9", "check 2 of 4", "28 % done".
QString point_text(const CalibrationSnapshot& now) {
  if (now.is_check) return "one point";
  const bool is_validation = now.phase == ProcedurePhase::validation;
  if (now.target && now.target->is_head_pass) return "head movement";
  if (now.request.layout == TargetLayout::pursuit && !is_validation)
    return QString("follow the point, %1 % done").arg(100.0 * now.progress, 0, 'f', 0);
  int all = 0;
  int done = 0;
  bool is_again = false;
  for (const PointView& point : now.points) {
    if (point.is_validation != is_validation || point.is_head_pass) continue;
    ++all;
    const bool is_current = now.target && point.point == now.target->point;
    if (point.verdict != PointVerdict::waiting && !is_current) ++done;
    if (is_current && point.verdict != PointVerdict::waiting) is_again = true;
  }
  if (all == 0) return {};
  QString text =
      QString("%1 %2 of %3").arg(is_validation ? "check" : "point").arg(std::min(done + 1, all)).arg(all);
  if (is_again)
    text = (is_validation ? "check " : "point ") + QString::number(now.target->point + 1) + " once more";
  return text;
}

}  // namespace

TargetWindow::TargetWindow(CalibrationControl& control, QWidget* parent)
    : QWidget(parent, Qt::Window | Qt::FramelessWindowHint), control_(control) {
  setObjectName("target_window");
  setWindowTitle("Calibration targets – Yarbus");
  setAccessibleName("Calibration targets");
  setAccessibleDescription(target_keys_text);
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_OpaquePaintEvent);
  setCursor(Qt::BlankCursor);
}

void TargetWindow::show_on(const Monitor& monitor, QScreen* screen) {
  monitor_area_ = monitor.area;
  painted_.reset();
  reported_.reset();
  point_ = -1;
  last_point_ = -1;
  asks_to_abort_ = false;
  if (screen != nullptr) setScreen(screen);
  // The geometry first: where no window manager does it, nobody else will.
  setGeometry(monitor.area);
  showFullScreen();
  raise();
  activateWindow();
  setFocus();
}

ScreenScale TargetWindow::scale() const {
  QRectF area(rect());
  // A window that does not cover its monitor (a panel, a desktop without full screen) knows where it is.
  if (size() != monitor_area_.size() && !monitor_area_.isEmpty()) {
    const QPoint origin = mapToGlobal(QPoint(0, 0));
    area = QRectF(monitor_area_.translated(-origin));
  }
  return {area, {now_.request.screen.width_mm, now_.request.screen.height_mm}};
}

double TargetWindow::degree_px() const {
  return scale().px_per_mm() * now_.request.screen.viewing_distance_mm * std::tan(std::numbers::pi / 180.0);
}

std::optional<QPointF> TargetWindow::target_place() const {
  if (!now_.target || now_.is_paused || !scale().is_usable()) return std::nullopt;
  return scale().place_of(now_.target->position_in_screen_mm);
}

QString TargetWindow::status_text() const {
  if (!is_showing(now_.phase) || now_.is_paused) return {};
  QStringList parts;
  parts << point_text(now_);
  if (now_.time_left_s > 0.0) parts << duration_text(now_.time_left_s) + " left";
  if (now_.target && now_.target->waits_for_key) parts << "Space: next";
  if (now_.target && now_.target->is_head_pass) parts << "Space: enough, S: skip";
  parts << "P: pause, Esc: abort";
  parts.removeAll({});
  return parts.join("   ·   ");
}

QString TargetWindow::middle_text() const {
  if (asks_to_abort_) {
    return "Abort the calibration?\n\nEsc again: abort; the calibration in force before stays so\n"
           "Space: go on";
  }
  if (now_.is_paused) {
    QString why;
    for (const FindingView& finding : now_.findings) {
      if (!finding.is_resolved && finding.name == "display-lost") why = finding_text(finding) + "\n\n";
    }
    return "Paused\n\n" + why +
           "Space or P: go on     S: skip a target     R: the last point again     Esc: abort";
  }
  if (now_.phase == ProcedurePhase::fitting) return "Thank you. Computing …";
  if (now_.phase == ProcedurePhase::scoring) return "Thank you. Working out how good it is …";
  return {};
}

QString TargetWindow::instruction_text() const {
  if (!now_.target || !now_.target->is_head_pass || now_.is_paused) return {};
  const QString seconds = QString::number(std::ceil(std::max(0.0, now_.target->time_left_s)));
  const bool has_begun = now_.target->step == TargetStep::sampling;
  QString when = has_begun ? seconds + " s left" : "begins when the point is small, for " + seconds + " s";
  if (has_begun && !now_.target->is_gaze_still) when += "; the face is not seen: turn less far";
  return QString(turn_head_text) + '\n' + when;
}

/// Below the target, or above one that stands low.
QRectF TargetWindow::instruction_box(const QPointF& target) const {
  const QRectF mark = target_extent(target, degree_px());
  const double below = mark.bottom() + degree_px();
  const bool fits = below + instruction_height <= height() - status_height;
  const double top = fits ? below : mark.top() - degree_px() - instruction_height;
  return {20.0, top, width() - 40.0, instruction_height};
}

void TargetWindow::paint_instruction(QPainter& painter, const QPointF& target) const {
  painter.save();
  QFont font = this->font();
  font.setPointSizeF(1.3 * font.pointSizeF());
  painter.setFont(font);
  painter.setPen(text_color);
  const QRectF box = instruction_box(target);
  const Qt::Alignment edge = box.top() > target.y() ? Qt::AlignTop : Qt::AlignBottom;
  painter.drawText(box, static_cast<int>(Qt::AlignHCenter | edge) | Qt::TextWordWrap, instruction_text());
  painter.restore();
}

QRectF TargetWindow::status_box() const {
  return {0.0, status_at_top_ ? 0.0 : height() - status_height, static_cast<double>(width()), status_height};
}

void TargetWindow::follow(const CalibrationSnapshot& now) {
  const CalibrationSnapshot before = std::move(now_);
  now_ = now;
  if (!is_showing(now_.phase)) asks_to_abort_ = false;
  if (!now_.target) {
    // Numbers may begin anew with the next calibration.
    painted_.reset();
    reported_.reset();
  }
  follow_points();
  const bool turns_head = !instruction_text().isEmpty();
  const QString description =
      turns_head ? QString(turn_head_text) + ". " + target_keys_text : QString(target_keys_text);
  if (description != accessibleDescription()) setAccessibleDescription(description);
  update_what_changed(before);
  setCursor(middle_text().isEmpty() ? Qt::BlankCursor : Qt::ArrowCursor);
}

void TargetWindow::follow_points() {
  if (!now_.target || now_.target->point == point_) return;
  last_point_ = point_;
  point_ = now_.target->point;
}

void TargetWindow::update_what_changed(const CalibrationSnapshot& before) {
  const bool has_new_page = before.phase != now_.phase || before.is_paused != now_.is_paused ||
                            before.target.has_value() != now_.target.has_value() ||
                            before.request.screen.width_mm != now_.request.screen.width_mm ||
                            (now_.target && before.target->target != now_.target->target);
  if (const auto place = target_place()) {
    // The line goes to the other edge only when the target comes near.
    if (status_at_top_ && place->y() < 0.25 * height()) status_at_top_ = false;
    if (!status_at_top_ && place->y() > 0.75 * height()) status_at_top_ = true;
  }
  if (has_new_page || !now_.target) {
    update();
    return;
  }
  for (const TargetView& target : {*before.target, *now_.target}) {
    const QPointF place = scale().place_of(target.position_in_screen_mm);
    update(target_extent(place, degree_px()).toAlignedRect());
    if (target.is_head_pass) update(instruction_box(place).toAlignedRect());
  }
  update(0, 0, width(), static_cast<int>(status_height));
  update(0, height() - static_cast<int>(status_height), width(), static_cast<int>(status_height));
}

void TargetWindow::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  painter.fillRect(event->rect(), target_background);
  const QString middle = middle_text();
  if (!middle.isEmpty()) {
    QFont font = this->font();
    font.setPointSizeF(1.5 * font.pointSizeF());
    painter.setFont(font);
    painter.setPen(text_color);
    painter.drawText(rect().adjusted(40, 40, -40, -40), Qt::AlignCenter | Qt::TextWordWrap, middle);
    return;
  }
  const auto place = target_place();
  if (place) paint_target(painter, *place, degree_px(), *now_.target);
  if (place && now_.target->is_head_pass) paint_instruction(painter, *place);
  painter.setPen(status_color);
  painter.drawText(status_box(), Qt::AlignCenter, status_text());
  if (place && now_.target->step == TargetStep::requested && painted_ != now_.target->target) {
    painted_ = now_.target->target;
    // After this event the picture goes to the screen; what waits in the queue comes later than that.
    QTimer::singleShot(0, this, &TargetWindow::report_shown);
  }
}

void TargetWindow::report_shown() {
  if (!painted_ || reported_ == painted_ || !isVisible()) return;
  reported_ = painted_;
  control_.target_shown(*painted_, std::chrono::steady_clock::now().time_since_epoch());
}

void TargetWindow::press_escape() {
  if (asks_to_abort_) {
    asks_to_abort_ = false;
    control_.abort();
    return;
  }
  asks_to_abort_ = true;
  if (!now_.is_paused) control_.pause();
  update();
}

void TargetWindow::redo_last() {
  const int point = last_point_ >= 0 ? last_point_ : point_;
  if (point >= 0) control_.redo(point);
}

void TargetWindow::keyPressEvent(QKeyEvent* event) {
  const bool was_asking = asks_to_abort_;
  switch (event->key()) {
    case Qt::Key_Escape:
      press_escape();
      return;
    case Qt::Key_Space:
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (event->isAutoRepeat()) return;
      asks_to_abort_ = false;
      now_.is_paused || was_asking ? control_.resume() : control_.accept();
      break;
    case Qt::Key_P:
      asks_to_abort_ = false;
      now_.is_paused || was_asking ? control_.resume() : control_.pause();
      break;
    case Qt::Key_S:
    case Qt::Key_R:
      // A target that is not shown can be neither skipped nor repeated: go on first.
      asks_to_abort_ = false;
      if (now_.is_paused || was_asking) control_.resume();
      event->key() == Qt::Key_S ? control_.skip() : redo_last();
      break;
    default:
      QWidget::keyPressEvent(event);
      return;
  }
  if (was_asking) update();
}

void TargetWindow::closeEvent(QCloseEvent* event) {
  // Asks first, as Esc does.
  event->ignore();
  if (is_showing(now_.phase)) press_escape();
}

}  // namespace yarbus::ui
