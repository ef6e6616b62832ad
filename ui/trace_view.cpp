#include "ui/trace_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/report/picture_file.h"
#include "ui/report/plot_style.h"

namespace yarbus::ui {

namespace {

/// A value axis never gets narrower than this, so that noise does not look like movement.
constexpr double least_gaze_span_deg = 20.0;
constexpr double least_diameter_span_mm = 1.0;
constexpr double longest_bridged_gap_s = 0.5;
constexpr float band_opacity = 0.22F;
constexpr int least_panel_height = 50;
constexpr int focus_frame_px = 2;
constexpr double zoom_step = 1.5;
constexpr const char* gaze_title =
    "gaze (°):  solid = azimuth, right +    dashed = elevation, up +    band = ±1σ";
constexpr const char* confidence_title = "confidence (0 to 1);  blinks hatched";

QFont small_font(const QFont& base) {
  QFont font(base);
  if (font.pointSizeF() > 0.0) font.setPointSizeF(std::max(7.5, 0.88 * font.pointSizeF()));
  return font;
}

/// Leaves the top of a panel free for its title.
QCPRange with_title_room(const QCPRange& range) {
  constexpr double title_share = 0.45;
  return {range.lower, range.upper + title_share * range.size()};
}

/// The range of what is visible, at least `least` wide, with a margin, and steady: it changes in whole steps
/// only.
QCPRange steady_range(std::initializer_list<const QCPGraph*> graphs, const QCPRange& keys, double least,
                      double step) {
  double lower = std::numeric_limits<double>::max();
  double upper = std::numeric_limits<double>::lowest();
  for (const QCPGraph* graph : graphs) {
    const auto& data = *graph->data();
    for (auto point = data.findBegin(keys.lower); point != data.findEnd(keys.upper); ++point) {
      if (!std::isfinite(point->value)) continue;
      lower = std::min(lower, point->value);
      upper = std::max(upper, point->value);
    }
  }
  if (lower > upper) return {-0.5 * least, 0.5 * least};
  const double middle = 0.5 * (lower + upper);
  const double half = std::max(0.5 * least, 0.55 * (upper - lower));
  return {std::floor((middle - half) / step) * step, std::ceil((middle + half) / step) * step};
}

}  // namespace

TraceView::TraceView(QWidget* parent)
    : QWidget(parent),
      plot_(new QCustomPlot(this)),
      margins_(new QCPMarginGroup(plot_)),
      empty_text_(nullptr) {
  setObjectName("traces");
  setAccessibleName("Traces");
  setAccessibleDescription(
      "Gaze azimuth and elevation, pupil diameter and confidence over the last seconds, with bands of one "
      "standard deviation. Plus and minus change the time that is seen; the arrow keys read the curves.");
  // Half the cost of a redraw, and crisper axes.
  plot_->setPlottingHint(QCP::phFastPolylines);
  plot_->setNotAntialiasedElements(QCP::aeAxes | QCP::aeGrid | QCP::aeFills);
  plot_->setFocusPolicy(Qt::NoFocus);
  plot_->setAttribute(Qt::WA_TransparentForMouseEvents);
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  plot_->plotLayout()->clear();
  plot_->plotLayout()->setRowSpacing(4);
  for (Panel& panel : panels_) panel = add_panel();
  add_curves();
  panels_[2].rect->axis(QCPAxis::atLeft)->setRange(with_title_room({-0.05, 1.05}));
  QSharedPointer<QCPAxisTickerText> halves(new QCPAxisTickerText);
  halves->addTicks({0.0, 0.5, 1.0}, {"0", "0.5", "1"});
  panels_[2].rect->axis(QCPAxis::atLeft)->setTicker(halves);
  panels_[0].rect->axis(QCPAxis::atLeft)->ticker()->setTickCount(4);
  panels_[0].title->setText(gaze_title);
  panels_[1].title->setText("pupil diameter (mm)");
  panels_[2].title->setText(confidence_title);
  for (std::size_t i = 0; i < panels_.size(); ++i) {
    QCPAxis* time = panels_[i].rect->axis(QCPAxis::atBottom);
    time->setRange(0.0, window_s);
    const bool is_last = i + 1 == panels_.size();
    time->setTickLabels(is_last);
    if (is_last) time->setLabel("time (s)");
  }
  plot_->plotLayout()->setRowStretchFactor(0, 1.5);
  empty_text_ = new QCPItemText(plot_);
  empty_text_->position->setType(QCPItemPosition::ptAxisRectRatio);
  empty_text_->position->setAxisRect(panels_[1].rect);
  empty_text_->position->setCoords(0.5, 0.5);
  empty_text_->setText("Traces run here once a source is open.");
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(focus_frame_px, focus_frame_px, focus_frame_px, focus_frame_px);
  layout->addWidget(plot_);
  restyle();
}

void TraceView::add_curves() {
  const std::array<std::size_t, curve_count> panel_of{0, 0, 1, 2};
  const auto add_graph = [&](std::size_t curve) {
    QCPAxisRect* rect = panels_[panel_of[curve]].rect;
    return plot_->addGraph(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
  };
  for (std::size_t i = 0; i < bands_.size(); ++i) {  // first, for they lie under the curves
    bands_[i] = {add_graph(i), add_graph(i)};
    bands_[i].lower->setPen(Qt::NoPen);
    bands_[i].upper->setPen(Qt::NoPen);
    bands_[i].upper->setChannelFillGraph(bands_[i].lower);
  }
  for (std::size_t i = 0; i < curve_count; ++i) curves_[i] = add_graph(i);
}

template <class Visit>
void TraceView::each_value_graph(Visit visit) {
  for (QCPGraph* curve : curves_) visit(*curve);
  for (const Band& band : bands_) {
    visit(*band.lower);
    visit(*band.upper);
  }
}

void TraceView::set_webcam(bool is_webcam) {
  if (is_webcam == is_webcam_) return;
  is_webcam_ = is_webcam;
  QCPAxisRect& pupil = *panels_[1].rect;
  pupil.setVisible(!is_webcam);
  panels_[1].title->setVisible(!is_webcam);
  pupil.setMaximumSize(QWIDGETSIZE_MAX, is_webcam ? 0 : QWIDGETSIZE_MAX);
  pupil.setMinimumSize(0, is_webcam ? 0 : least_panel_height);
  plot_->plotLayout()->setRowSpacing(is_webcam ? 2 : 4);
  empty_text_->position->setAxisRect(panels_[is_webcam ? 0 : 1].rect);
  panels_[0].title->setText(
      is_webcam ? "gaze of both eyes (°):  solid = azimuth, right +    dashed = elevation, up +"
                : gaze_title);
  panels_[2].title->setText(is_webcam ? "confidence of the irises (0 to 1);  blinks hatched"
                                      : confidence_title);
  draw_if_visible();
}

TraceView::Panel TraceView::add_panel() {
  Panel panel;
  panel.rect = new QCPAxisRect(plot_);
  plot_->plotLayout()->addElement(plot_->plotLayout()->rowCount(), 0, panel.rect);
  panel.rect->setMarginGroup(QCP::msLeft | QCP::msRight, margins_);
  panel.rect->setMinimumMargins(QMargins(0, 2, 10, 2));
  panel.rect->axis(QCPAxis::atLeft)->ticker()->setTickCount(2);
  panel.rect->axis(QCPAxis::atBottom)->ticker()->setTickCount(8);
  panel.shading = add_blink_shading(*plot_, *panel.rect, palette());
  panel.title = new QCPItemText(plot_);
  panel.title->setClipAxisRect(panel.rect);
  panel.title->position->setType(QCPItemPosition::ptAxisRectRatio);
  panel.title->position->setAxisRect(panel.rect);
  panel.title->position->setCoords(0.006, 0.02);
  panel.title->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
  panel.title->setPadding(QMargins(3, 0, 3, 0));
  panel.cursor = new QCPItemStraightLine(plot_);
  panel.cursor->setClipAxisRect(panel.rect);
  for (QCPItemPosition* end : {panel.cursor->point1, panel.cursor->point2}) {
    end->setAxes(panel.rect->axis(QCPAxis::atBottom), panel.rect->axis(QCPAxis::atLeft));
    end->setAxisRect(panel.rect);
    end->setTypeX(QCPItemPosition::ptPlotCoords);
    end->setTypeY(QCPItemPosition::ptAxisRectRatio);
  }
  panel.cursor->setVisible(false);
  return panel;
}

void TraceView::restyle() {
  style(palette());
  draw_if_visible();
}

void TraceView::style(const QPalette& colors) {
  const QFont font = small_font(this->font());
  plot_->setBackground(QBrush(colors.color(QPalette::Window)));
  for (Panel& panel : panels_) {
    style_axis_rect(*panel.rect, colors, font);
    style_blink_shading(*panel.shading, colors);
    panel.title->setFont(font);
    panel.title->setColor(colors.color(QPalette::Text));
    QColor plate = colors.color(QPalette::Base);
    plate.setAlphaF(0.75F);
    panel.title->setBrush(plate);
    panel.cursor->setPen(QPen(colors.color(QPalette::Text), 1.0, Qt::DashDotLine));
  }
  const CurveColors curve = curve_colors(colors);
  curves_[azimuth]->setPen(QPen(curve.azimuth, 1.5));
  curves_[elevation]->setPen(QPen(curve.elevation, 1.5, Qt::DashLine));
  curves_[diameter]->setPen(QPen(curve.diameter, 1.5));
  curves_[confidence]->setPen(QPen(curve.confidence, 1.5));
  for (std::size_t i = 0; i < bands_.size(); ++i) {
    QColor fill = curves_[i]->pen().color();
    fill.setAlphaF(band_opacity);
    bands_[i].upper->setBrush(fill);
  }
  empty_text_->setFont(this->font());
  empty_text_->setColor(colors.color(QPalette::Text));
}

void TraceView::append(const TracePoint& point) {
  const double t = point.time_s;
  if (has_points_ && t - last_time_s_ > longest_bridged_gap_s) {
    // A jump in time: the curves break.
    const double gap_s = 0.5 * (t + last_time_s_);
    each_value_graph([&](QCPGraph& graph) { graph.addData(gap_s, std::nan("")); });
    for (Panel& panel : panels_) panel.shading->addData(gap_s, 0.0);
  }
  const std::array<float, curve_count> values{point.gaze_azimuth_deg, point.gaze_elevation_deg,
                                              point.pupil_diameter_mm, point.confidence};
  for (std::size_t i = 0; i < curve_count; ++i) curves_[i]->addData(t, static_cast<double>(values[i]));
  const std::array<float, confidence> sigmas{point.gaze_azimuth_sigma_deg, point.gaze_elevation_sigma_deg,
                                             point.pupil_diameter_sigma_mm};
  for (std::size_t i = 0; i < bands_.size(); ++i) {
    bands_[i].lower->addData(t, static_cast<double>(values[i] - sigmas[i]));
    bands_[i].upper->addData(t, static_cast<double>(values[i] + sigmas[i]));
  }
  for (Panel& panel : panels_) panel.shading->addData(t, point.in_blink ? 1.0 : 0.0);
  last_time_s_ = t;
  next_index_ = point.index + 1;
  has_points_ = true;
}

void TraceView::show_traces(const std::vector<TracePoint>& points, bool restarted) {
  if (restarted) {
    set_paused(false);
    cursor_s_.reset();
    each_value_graph([](QCPGraph& graph) { graph.data()->clear(); });
    for (Panel& panel : panels_) panel.shading->data()->clear();
    next_index_ = 0;
    has_points_ = false;
  }
  if (is_paused_) return;
  const auto first_new = std::partition_point(
      points.begin(), points.end(), [this](const TracePoint& point) { return point.index < next_index_; });
  std::for_each(first_new, points.end(), [this](const TracePoint& point) { append(point); });
  draw_if_visible();
}

void TraceView::scroll() {
  const double end_s = is_paused_ ? paused_end_s_ : std::max(last_time_s_, span_s_);
  const double begin_s = has_points_ ? end_s - span_s_ : 0.0;
  for (Panel& panel : panels_)
    panel.rect->axis(QCPAxis::atBottom)->setRange(begin_s, has_points_ ? end_s : span_s_);
  const double forgotten_s = last_time_s_ - kept_s - 1.0;
  for (Panel& panel : panels_) panel.shading->data()->removeBefore(forgotten_s);
  each_value_graph([&](QCPGraph& graph) { graph.data()->removeBefore(forgotten_s); });
  empty_text_->setVisible(!has_points_);
  show_cursor();
}

void TraceView::fit_ranges() {
  // Figures that have no room would lie over each other.
  const auto ticks = [this](std::size_t panel, int most) {
    constexpr int px_a_tick = 20;
    const int height_px = panels_[panel].rect->height();
    panels_[panel].rect->axis(QCPAxis::atLeft)->ticker()->setTickCount(
        std::clamp(height_px / px_a_tick, 1, most));
  };
  ticks(0, 4);
  ticks(1, 2);
  const QCPRange keys = panels_[0].rect->axis(QCPAxis::atBottom)->range();
  panels_[0]
      .rect->axis(QCPAxis::atLeft)
      ->setRange(with_title_room(
          steady_range({curves_[azimuth], curves_[elevation]}, keys, least_gaze_span_deg, 10.0)));
  QCPRange diameter_range = steady_range({curves_[diameter]}, keys, least_diameter_span_mm, 0.5);
  if (diameter_range.lower < 0.0) diameter_range = QCPRange(0.0, std::max(1.0, diameter_range.upper));
  panels_[1].rect->axis(QCPAxis::atLeft)->setRange(with_title_room(diameter_range));
}

void TraceView::draw_if_visible() {
  if (!isVisible() || window()->isMinimized()) return;
  redraw();
  plot_->replot(QCustomPlot::rpQueuedReplot);
}

void TraceView::redraw() {
  scroll();
  fit_ranges();
}

double TraceView::first_time_s() const {
  const auto& data = *curves_[confidence]->data();
  return data.isEmpty() ? 0.0 : data.constBegin()->key;
}

void TraceView::set_span_s(double span_s) {
  span_s = std::clamp(span_s, least_span_s, kept_s);
  if (span_s == span_s_) return;
  // About the cursor, if that is held still, else about the right end.
  if (is_paused_ && cursor_s_) {
    const double from_end = (paused_end_s_ - *cursor_s_) / span_s_;
    if (from_end >= 0.0 && from_end <= 1.0) paused_end_s_ = *cursor_s_ + from_end * span_s;
  }
  span_s_ = span_s;
  shift(0.0);
  draw_if_visible();
  Q_EMIT view_changed();
}

void TraceView::set_paused(bool paused) {
  if (paused == is_paused_ || (paused && !has_points_)) return;
  is_paused_ = paused;
  paused_end_s_ = std::max(last_time_s_, span_s_);
  Q_EMIT view_changed();
  if (!paused) Q_EMIT points_wanted();
  draw_if_visible();
}

void TraceView::shift(double by_s) {
  if (!is_paused_) return;
  const double latest_s = std::max(last_time_s_, span_s_);
  const double earliest_s = std::min(latest_s, first_time_s() + span_s_);
  paused_end_s_ = std::clamp(paused_end_s_ + by_s, earliest_s, latest_s);
  draw_if_visible();
}

void TraceView::set_cursor(std::optional<double> time_s) {
  const auto& data = *curves_[confidence]->data();
  if (time_s && !data.isEmpty()) {
    auto nearest = data.constEnd();
    const auto last = data.findEnd(*time_s);
    for (auto point = data.findBegin(*time_s); point != last; ++point) {
      if (std::isnan(point->value)) continue;  // a jump in time
      if (nearest == data.constEnd() || std::abs(point->key - *time_s) < std::abs(nearest->key - *time_s))
        nearest = point;
    }
    time_s = nearest == data.constEnd() ? std::nullopt : std::optional(nearest->key);
  } else {
    time_s.reset();
  }
  if (time_s == cursor_s_) return;
  cursor_s_ = time_s;
  show_cursor();
  if (isVisible()) plot_->replot(QCustomPlot::rpQueuedReplot);
  Q_EMIT cursor_changed();
}

void TraceView::step_cursor(int points) {
  cursor_is_mouse_ = false;
  const QCPRange seen = curves_[confidence]->keyAxis()->range();
  if (!cursor_s_ || !seen.contains(*cursor_s_)) return set_cursor(seen.center());
  const auto& data = *curves_[confidence]->data();
  auto point = data.findBegin(*cursor_s_, false);
  const int direction = points < 0 ? -1 : 1;
  for (int left = std::abs(points); left > 0;) {
    if (direction < 0 ? point == data.constBegin() : point + 1 == data.constEnd()) break;
    point += direction;
    if (!std::isnan(point->value)) --left;
  }
  if (std::isnan(point->value)) return;
  set_cursor(point->key);
  if (*cursor_s_ < seen.lower) shift(*cursor_s_ - seen.lower);
  if (*cursor_s_ > seen.upper) shift(*cursor_s_ - seen.upper);
}

std::optional<TracePoint> TraceView::reading() const {
  if (!cursor_s_) return std::nullopt;
  const auto value_of = [this](const QCPGraph& graph) {
    const auto found = graph.data()->findBegin(*cursor_s_, false);
    return found != graph.data()->constEnd() && found->key == *cursor_s_ ? static_cast<float>(found->value)
                                                                         : std::nanf("");
  };
  TracePoint point;
  point.time_s = *cursor_s_;
  point.confidence = value_of(*curves_[confidence]);
  if (std::isnan(point.confidence)) return std::nullopt;  // forgotten meanwhile
  point.gaze_azimuth_deg = value_of(*curves_[azimuth]);
  point.gaze_elevation_deg = value_of(*curves_[elevation]);
  point.pupil_diameter_mm = value_of(*curves_[diameter]);
  point.in_blink = value_of(*panels_[0].shading) > 0.5F;
  point.gaze_azimuth_sigma_deg = value_of(*bands_[azimuth].upper) - point.gaze_azimuth_deg;
  point.gaze_elevation_sigma_deg = value_of(*bands_[elevation].upper) - point.gaze_elevation_deg;
  point.pupil_diameter_sigma_mm = value_of(*bands_[diameter].upper) - point.pupil_diameter_mm;
  return point;
}

void TraceView::show_cursor() {
  for (Panel& panel : panels_) {
    panel.cursor->setVisible(cursor_s_.has_value());
    if (!cursor_s_) continue;
    panel.cursor->point1->setCoords(*cursor_s_, 0.0);
    panel.cursor->point2->setCoords(*cursor_s_, 1.0);
  }
}

Result<void> TraceView::save(const QString& path) {
  const bool is_svg = path.endsWith(".svg", Qt::CaseInsensitive);
  if (!is_svg && !path.endsWith(".png", Qt::CaseInsensitive)) {
    return Error{ErrorCode::invalid_option, "the traces are saved as .png or .svg", path.toStdString(),
                 "Choose a name that ends so"};
  }
  const QSize size = plot_->size().expandedTo({400, 240});
  style(paper_palette());
  redraw();
  Result<void> written;
  if (is_svg) {
    written = write_svg(path, size, "the traces", [&](QPaintDevice& paper) {
      QCPPainter painter(&paper);
      painter.setMode(QCPPainter::pmVectorized);
      plot_->toPainter(&painter, size.width(), size.height());
    });
  } else {
    constexpr double pixels_a_point = 2.0;
    written = write_picture(plot_->toPixmap(size.width(), size.height(), pixels_a_point).toImage(), path,
                            "the traces");
  }
  restyle();
  return written;
}

double TraceView::time_at(double x_px) const {
  return curves_[confidence]->keyAxis()->pixelToCoord(x_px - plot_->x());
}

void TraceView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !has_points_) return QWidget::mousePressEvent(event);
  dragged_from_px_ = event->position().x();
}

void TraceView::mouseMoveEvent(QMouseEvent* event) {
  const double x_px = event->position().x();
  if (dragged_from_px_ && (event->buttons() & Qt::LeftButton) != 0) {
    set_paused(true);
    const double by_s = time_at(*dragged_from_px_) - time_at(x_px);
    dragged_from_px_ = x_px;
    shift(by_s);
  }
  cursor_is_mouse_ = true;
  set_cursor(time_at(x_px));
}

void TraceView::mouseReleaseEvent(QMouseEvent* event) {
  dragged_from_px_.reset();
  QWidget::mouseReleaseEvent(event);
}

void TraceView::wheelEvent(QWheelEvent* event) {
  const double notches = event->angleDelta().y() / 120.0;
  if (notches == 0.0) return QWidget::wheelEvent(event);
  set_span_s(span_s_ * std::pow(zoom_step, -notches));
  event->accept();
}

void TraceView::leaveEvent(QEvent* event) {
  QWidget::leaveEvent(event);
  if (cursor_is_mouse_) set_cursor(std::nullopt);
}

void TraceView::keyPressEvent(QKeyEvent* event) {
  const int points = (event->modifiers() & Qt::ShiftModifier) != 0 ? 10 : 1;
  switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return set_span_s(span_s_ / zoom_step);
    case Qt::Key_Minus:
      return set_span_s(span_s_ * zoom_step);
    case Qt::Key_0:
      return set_span_s(window_s);
    case Qt::Key_Left:
    case Qt::Key_Right:
      set_paused(true);
      return step_cursor(event->key() == Qt::Key_Left ? -points : points);
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
      set_paused(true);
      return shift((event->key() == Qt::Key_PageUp ? -0.5 : 0.5) * span_s_);
    case Qt::Key_End:
      set_cursor(std::nullopt);
      return set_paused(false);
    default:
      return QWidget::keyPressEvent(event);
  }
}

void TraceView::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  update();
}

void TraceView::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  update();
}

void TraceView::paintEvent(QPaintEvent* event) {
  QWidget::paintEvent(event);
  if (!hasFocus()) return;
  QPainter painter(this);
  painter.setPen(QPen(palette().color(QPalette::Highlight), focus_frame_px));
  painter.drawRect(rect().adjusted(1, 1, -1, -1));
}

void TraceView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  draw_if_visible();
}

void TraceView::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) restyle();
}

}  // namespace yarbus::ui
