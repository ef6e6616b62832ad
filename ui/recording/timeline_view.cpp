#include "ui/recording/timeline_view.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ui/playback_bar.h"
#include "ui/report/plot_style.h"

namespace yarbus::ui {

namespace {

constexpr int row_gap_px = 3;
constexpr double curve_rows = 1.7;  ///< height of a curve's lane, in rows of bar_lanes
constexpr int curve_lanes = 4;
constexpr int bar_lanes = 5;
constexpr std::chrono::seconds key_step{1};
constexpr double page_share = 0.1;
/// A span is at least so wide that it can be seen, and is found from so far.
constexpr double least_span_px = 2.0;

double seconds_of(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

struct ValueRange {
  double least = 0.0;
  double greatest = 1.0;
};

/// Without the outermost hundredths, which are misfits more often than not.
ValueRange range_of(const TimelineLane& lane) {
  std::vector<float> values;
  for (const auto& side : {lane.least, lane.greatest}) {
    for (const float value : side) {
      if (!std::isnan(value)) values.push_back(value);
    }
  }
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const std::size_t cut = values.size() / 100;
  ValueRange range{values[cut], values[values.size() - 1 - cut]};
  if (range.greatest - range.least < 1e-6) range = {range.least - 0.5, range.greatest + 0.5};
  return range;
}

QString range_text(const TimelineLane& lane) {
  const ValueRange range = range_of(lane);
  const double span = range.greatest - range.least;
  const int digits = span < 3.0 ? 1 : 0;
  return QString::number(range.least, 'f', digits) + " … " + QString::number(range.greatest, 'f', digits) +
         (lane.unit.empty() ? QString() : " " + QString::fromStdString(lane.unit));
}

void draw_curve(QPainter& painter, const TimelineLane& whole, const QRect& place, const QColor& color) {
  if (whole.is_empty() || place.width() < 2) return;
  const TimelineLane lane = merged_columns(whole, static_cast<std::size_t>(place.width()));
  const ValueRange range = range_of(lane);
  const auto y_of = [&](double value) {
    const double share = std::clamp((value - range.least) / (range.greatest - range.least), 0.0, 1.0);
    return place.bottom() - share * (place.height() - 1);
  };
  painter.setPen(QPen(color, 1.2));
  const double width = static_cast<double>(place.width()) / static_cast<double>(lane.least.size());
  std::optional<QPointF> before;
  for (std::size_t i = 0; i < lane.least.size(); ++i) {
    if (std::isnan(lane.least[i])) {
      before.reset();
      continue;
    }
    const double x = place.left() + (static_cast<double>(i) + 0.5) * width;
    const QPointF middle(x, 0.5 * (y_of(lane.least[i]) + y_of(lane.greatest[i])));
    painter.drawLine(QPointF(x, y_of(lane.least[i])), QPointF(x, y_of(lane.greatest[i]) - 0.5));
    if (before) painter.drawLine(*before, middle);
    before = middle;
  }
}

}  // namespace

TimelineLane merged_columns(const TimelineLane& lane, std::size_t columns) {
  const std::size_t given = lane.least.size();
  if (given <= columns || columns == 0) return lane;
  TimelineLane merged{lane.name, lane.unit, {}, {}};
  merged.least.assign(columns, std::numeric_limits<float>::quiet_NaN());
  merged.greatest = merged.least;
  for (std::size_t i = 0; i < given; ++i) {
    if (std::isnan(lane.least[i])) continue;
    const std::size_t to = i * columns / given;
    merged.least[to] = std::fmin(merged.least[to], lane.least[i]);
    merged.greatest[to] = std::fmax(merged.greatest[to], lane.greatest[i]);
  }
  return merged;
}

TimelineView::TimelineView(QWidget* parent) : QWidget(parent) {
  setObjectName("timeline_view");
  setAccessibleName("Timeline of the session");
  setAccessibleDescription(
      "Pupil diameter, gaze, confidence, blinks, fixations, saccades, annotations and gaps over the whole "
      "session. Left and right go by a second, page up and down by a tenth, home and end to the ends.");
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

int TimelineView::row_height() const { return std::max(11, fontMetrics().height() - 2); }

QSize TimelineView::sizeHint() const {
  const int height = static_cast<int>(curve_lanes * curve_rows * row_height()) + bar_lanes * row_height() +
                     (curve_lanes + bar_lanes + 1) * row_gap_px;
  return {600, height};
}
QSize TimelineView::minimumSizeHint() const { return {240, sizeHint().height()}; }

QRect TimelineView::plot() const {
  const int names = fontMetrics().horizontalAdvance("confidence 0.0 … 1.0 mm") + 10;
  return {names, 0, std::max(2, width() - names - 10), height()};
}

std::vector<TimelineView::Row> TimelineView::rows() const {
  if (!timeline_) return {};
  const SessionTimeline& of = *timeline_;
  const CurveColors colors = curve_colors(palette());
  const QRect whole = plot();
  std::vector<Row> all;
  int top = row_gap_px;
  const auto place = [&](double height_rows) {
    const QRect rect(whole.left(), top, whole.width(), static_cast<int>(height_rows * row_height()));
    top += rect.height() + row_gap_px;
    return rect;
  };
  const std::array<std::pair<const TimelineLane*, QColor>, curve_lanes> lanes{
      {{&of.pupil, colors.diameter},
       {&of.gaze_x, colors.azimuth},
       {&of.gaze_y, colors.elevation},
       {&of.confidence, colors.confidence}}};
  for (const auto& [lane, color] : lanes)
    all.push_back({QString::fromStdString(lane->name), lane, nullptr, place(curve_rows), color, false});
  all.push_back({"blinks", nullptr, &of.blinks, place(1), palette().color(QPalette::Text), false});
  all.push_back({"fixations", nullptr, &of.fixations, place(1), colors.azimuth, false});
  all.push_back({"saccades", nullptr, &of.saccades, place(1), colors.elevation, false});
  all.push_back({"notes", nullptr, &of.annotations, place(1), palette().color(QPalette::Highlight), true});
  all.push_back({"gaps", nullptr, &of.gaps, place(1), palette().color(QPalette::Text), false});
  return all;
}

double TimelineView::x_of(CaptureTime at) const {
  if (!timeline_) return 0.0;
  const QRect whole = plot();
  return whole.left() +
         whole.width() * seconds_of(at - timeline_->start) / seconds_of(timeline_->end - timeline_->start);
}

CaptureTime TimelineView::time_at(double x) const {
  if (!timeline_) return {};
  const QRect whole = plot();
  const double share = std::clamp((x - whole.left()) / whole.width(), 0.0, 1.0);
  const auto length = static_cast<double>((timeline_->end - timeline_->start).count() - 1);
  return timeline_->start + CaptureTime(static_cast<std::int64_t>(std::round(share * length)));
}

void TimelineView::show_timeline(const TimelinePtr& timeline) {
  if (timeline == timeline_) return;
  timeline_ = timeline;
  forget_picture();
}

void TimelineView::set_position(std::optional<CaptureTime> at) {
  if (at == position_) return;
  position_ = at;
  update();
}

void TimelineView::set_trim(const TrimMarks& trim) {
  if (trim == trim_) return;
  trim_ = trim;
  update();
}

void TimelineView::forget_picture() {
  picture_ = {};
  update();
}

void TimelineView::draw_contents() {
  picture_ = QPixmap(size() * devicePixelRatioF());
  picture_.setDevicePixelRatio(devicePixelRatioF());
  picture_.fill(palette().color(QPalette::Window));
  QPainter painter(&picture_);
  painter.setRenderHint(QPainter::Antialiasing);
  const QColor text = palette().color(QPalette::Text);
  QColor muted = text;
  muted.setAlphaF(0.6F);
  if (!timeline_) {
    painter.setPen(muted);
    painter.drawText(rect(), Qt::AlignCenter, "Reading the session…");
    return;
  }
  for (const Row& row : rows()) {
    if (!row.name.isEmpty()) {
      painter.fillRect(row.place, palette().color(QPalette::Base));
      const bool has_values = row.lane != nullptr && !row.lane->is_empty();
      const QRect left(6, row.place.top(), row.place.left() - 12, row.place.height());
      painter.setPen(text);
      painter.drawText(left, Qt::AlignLeft | Qt::AlignVCenter, row.name);
      painter.setPen(muted);
      const QString figures = has_values            ? range_text(*row.lane)
                              : row.lane != nullptr ? QString("none")
                                                    : QString::number(row.spans->size());
      painter.drawText(left, Qt::AlignRight | Qt::AlignVCenter, figures);
    }
    if (row.lane != nullptr) {
      draw_curve(painter, *row.lane, row.place.adjusted(0, 1, 0, -1), row.color);
      continue;
    }
    for (const TimelineSpan& span : *row.spans) {
      const double x = x_of(span.start);
      const double width = std::max(least_span_px, x_of(span.end) - x - 0.5);
      const QRectF bar(x, row.place.top() + 1, width, row.place.height() - 2);
      painter.fillRect(row.is_ticks ? bar.adjusted(0, 0, 0, -0.3 * bar.height()) : bar, row.color);
    }
  }
}

void TimelineView::paintEvent(QPaintEvent* /*event*/) {
  if (picture_.isNull()) draw_contents();
  QPainter painter(this);
  painter.drawPixmap(0, 0, picture_);
  if (!timeline_) return;
  const QRect whole = plot();
  QColor shade = palette().color(QPalette::Window);
  shade.setAlphaF(0.65F);
  const QColor line = palette().color(QPalette::Highlight);
  const auto mark = [&](CaptureTime at, const QString& letter, bool is_in) {
    const double x = x_of(at);
    painter.fillRect(is_in ? QRectF(whole.left(), 0, x - whole.left(), height())
                           : QRectF(x, 0, whole.right() + 1 - x, height()),
                     shade);
    painter.setPen(QPen(line, 2));
    painter.drawLine(QPointF(x, 0), QPointF(x, height()));
    const int plate_width = fontMetrics().horizontalAdvance(letter) + 8;
    const QRectF plate(is_in ? x - plate_width : x, 0, plate_width, fontMetrics().height());
    painter.fillRect(plate, line);
    painter.setPen(palette().color(QPalette::HighlightedText));
    painter.drawText(plate, Qt::AlignCenter, letter);
  };
  if (trim_.in) mark(*trim_.in, "I", true);
  if (trim_.out) mark(*trim_.out, "O", false);
  if (position_) {
    painter.setPen(QPen(palette().color(QPalette::Text), 1.5));
    const double x = std::clamp(x_of(*position_), double(whole.left()), double(whole.right()));
    painter.drawLine(QPointF(x, 0), QPointF(x, height()));
  }
  if (hasFocus()) {
    painter.setPen(QPen(line, 1));
    painter.drawRect(QRect(whole.left(), 0, whole.width() - 1, height() - 1));
  }
}

void TimelineView::seek_to(double x) {
  if (timeline_) Q_EMIT seek_wanted(time_at(x));
}

void TimelineView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  is_dragging_ = true;
  seek_to(event->position().x());
}
void TimelineView::mouseMoveEvent(QMouseEvent* event) {
  if (is_dragging_) seek_to(event->position().x());
}
void TimelineView::mouseReleaseEvent(QMouseEvent* /*event*/) { is_dragging_ = false; }

void TimelineView::keyPressEvent(QKeyEvent* event) {
  if (!timeline_ || event->modifiers() != Qt::NoModifier) return QWidget::keyPressEvent(event);
  const CaptureTime now = position_.value_or(timeline_->start);
  const auto page = CaptureTime(static_cast<std::int64_t>(
      page_share * static_cast<double>((timeline_->end - timeline_->start).count())));
  CaptureTime to = now;
  switch (event->key()) {
    case Qt::Key_Left:
      to = now - key_step;
      break;
    case Qt::Key_Right:
      to = now + key_step;
      break;
    case Qt::Key_PageUp:
      to = now - page;
      break;
    case Qt::Key_PageDown:
      to = now + page;
      break;
    case Qt::Key_Home:
      to = timeline_->start;
      break;
    case Qt::Key_End:
      to = timeline_->end;
      break;
    default:
      return QWidget::keyPressEvent(event);
  }
  Q_EMIT seek_wanted(std::clamp(to, timeline_->start, timeline_->end - CaptureTime(1)));
}

void TimelineView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  forget_picture();
}

void TimelineView::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
    updateGeometry();
    forget_picture();
  }
}

QString TimelineView::text_at(const QPoint& place) const {
  if (!timeline_ || !plot().contains(place)) return {};
  const QString when = clock_text(seconds_of(time_at(place.x()) - timeline_->start));
  QString what;
  for (const Row& row : rows()) {
    if (row.spans == nullptr || !row.place.contains(place)) continue;
    for (const TimelineSpan& span : *row.spans) {
      const bool is_near = place.x() >= x_of(span.start) - least_span_px &&
                           place.x() <= std::max(x_of(span.end), x_of(span.start) + least_span_px);
      if (is_near) what = QString::fromStdString(span.label);
    }
  }
  return what.isEmpty() ? when : when + "  " + what;
}

bool TimelineView::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    auto* help = static_cast<QHelpEvent*>(event);
    const QString text = text_at(help->pos());
    if (text.isEmpty())
      QToolTip::hideText();
    else
      QToolTip::showText(help->globalPos(), text, this);
    return true;
  }
  return QWidget::event(event);
}

}  // namespace yarbus::ui
