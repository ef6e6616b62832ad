#include "ui/calibration/gaze_overlay.h"

#include <QFontMetrics>
#include <QGuiApplication>
#include <QPaintEvent>
#include <QPainter>
#include <algorithm>

#include "ui/presenter.h"
#include "ui/report/calibration_words.h"

namespace yarbus::ui {

namespace {

constexpr int label_margin_px = 10;
constexpr double ms_per_s = 1000.0;

QString label_text(const ScreenGazeSnapshot& gaze) {
  if (!gaze.is_calibrated) return "no calibration in force";
  if (!gaze.latest) return filter_name(gaze.filter) + "; gaze lost";
  QString text = filter_text(gaze.filter, gaze.latest->added_latency_s) +
                 QString("; ring: ±%1° (68 %)").arg(radius_of_68_percent * gaze.latest->sigma_deg, 0, 'f', 1);
  if (gaze.latest->is_extrapolated) text += "; outside the calibrated part";
  return text;
}

}  // namespace

GazeOverlay::GazeOverlay(CalibrationControl& control, QWidget* parent)
    : QWidget(parent, Qt::Tool | Qt::FramelessWindowHint | Qt::WindowStaysOnTopHint |
                          Qt::WindowTransparentForInput | Qt::WindowDoesNotAcceptFocus),
      control_(control) {
  setObjectName("gaze_overlay");
  setWindowTitle("Gaze – Yarbus");
  setAccessibleName("Gaze overlay");
  setAttribute(Qt::WA_TranslucentBackground);
  setAttribute(Qt::WA_ShowWithoutActivating);
  setAttribute(Qt::WA_TransparentForMouseEvents);
  timer_.setTimerType(Qt::PreciseTimer);
  timer_.setInterval(display_interval_ms);
  connect(&timer_, &QTimer::timeout, this, &GazeOverlay::poll);
}

void GazeOverlay::show_on(const Monitor& monitor, const ScreenGeometry& geometry, QScreen* screen) {
  monitor_area_ = monitor.area;
  size_mm_ = QSizeF(geometry.width_mm, geometry.height_mm);
  if (screen != nullptr) setScreen(screen);
  setGeometry(monitor.area);
  mark_.reset();
  setMask(shape_of(mark_));
  show();
  raise();
}

QString GazeOverlay::platform_notice(const QString& platform) {
  if (platform.startsWith("wayland")) {
    return "this desktop (Wayland) lets no window place itself above all others: the gaze overlay may be "
           "hidden, "
           "stand elsewhere, or keep clicks from what is below it";
  }
  return {};
}

ScreenScale GazeOverlay::scale() const {
  QRectF area(rect());
  if (size() != monitor_area_.size()) area = QRectF(monitor_area_.translated(-mapToGlobal(QPoint(0, 0))));
  return {area, size_mm_};
}

QRect GazeOverlay::label_box() const {
  const QSize text = fontMetrics().size(Qt::TextSingleLine, label_);
  const QSize size(text.width() + 20, text.height() + 8);
  // In the middle of the upper edge, where menus and buttons are not.
  return {QPoint((monitor_area_.width() - size.width()) / 2, label_margin_px), size};
}

QRegion GazeOverlay::shape_of(const std::optional<GazeMark>& mark) const {
  QRegion shape(label_box());
  if (mark) shape += gaze_mark_region(*mark);
  return shape.intersected(QRect(QPoint(0, 0), monitor_area_.size()));
}

void GazeOverlay::poll() {
  const ScreenGazeSnapshot gaze = control_.gaze();
  if (gaze.latest && gaze.latest->captured_at != latest_) {
    latest_ = gaze.latest->captured_at;
    since_new_.start();
  }
  follow(gaze, since_new_.isValid() ? static_cast<double>(since_new_.elapsed()) / ms_per_s : 0.0);
}

void GazeOverlay::follow(const ScreenGazeSnapshot& gaze, double seconds_without) {
  const std::optional<GazeMark> before = mark_;
  const QRect label_before = label_box();
  const double opacity = gaze_opacity(seconds_without);
  if (!gaze.is_calibrated || opacity <= 0.0) {
    mark_.reset();
  } else if (gaze.latest) {
    mark_ = gaze_mark(*gaze.latest, scale(), opacity);
  } else if (mark_) {
    mark_->opacity = std::min(mark_->opacity, opacity);  // fades where it was seen last
  }
  const QString text = label_text(gaze);
  const bool has_new_label = text != label_;
  label_ = text;
  if (mark_ == before && !has_new_label) return;
  QRegion changed;
  if (has_new_label) changed += label_before.united(label_box());
  if (before) changed += gaze_mark_region(*before);
  if (mark_) changed += gaze_mark_region(*mark_);
  setMask(shape_of(mark_));
  update(changed);
}

void GazeOverlay::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  painter.setCompositionMode(QPainter::CompositionMode_Source);
  for (const QRect& rect : event->region()) painter.fillRect(rect, Qt::transparent);
  painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
  const QRect box = label_box();
  if (event->region().intersects(box)) {
    painter.fillRect(box, QColor(24, 25, 28, 210));
    painter.setPen(QColor(235, 236, 240));
    painter.drawText(box, Qt::AlignCenter, label_);
  }
  if (mark_) paint_gaze_mark(painter, *mark_);
}

void GazeOverlay::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  since_new_.invalidate();
  timer_.start();
}

void GazeOverlay::hideEvent(QHideEvent* event) {
  timer_.stop();
  QWidget::hideEvent(event);
}

}  // namespace yarbus::ui
