#include "ui/viewing/viewing_results_view.h"

#include <QEvent>
#include <QFontInfo>
#include <QPainter>
#include <QResizeEvent>
#include <cmath>
#include <utility>

namespace yarbus::ui {

namespace {

constexpr int least_figure_width = 480;

}  // namespace

ViewingResultsView::ViewingResultsView(QWidget* parent) : QWidget(parent) {
  setObjectName("viewing_results_view");
  setAccessibleName("How the picture was looked at, a panel a task");
  setMinimumWidth(least_figure_width);
  setFocusPolicy(Qt::StrongFocus);
}

double ViewingResultsView::font_px() const { return QFontInfo(font()).pixelSize(); }

std::optional<ViewingFigure> ViewingResultsView::figure() const {
  if (results_ == nullptr) return std::nullopt;
  return ViewingFigure{*results_, picture_ ? &*picture_ : nullptr, layers_};
}

void ViewingResultsView::show_results(std::shared_ptr<const ViewingResults> results,
                                      std::optional<StimulusPicture> picture) {
  results_ = std::move(results);
  picture_ = std::move(picture);
  setAccessibleDescription(results_ ? viewing_words(*results_) : QString());
  take_height();
  redraw();
}

void ViewingResultsView::set_layers(const ViewingLayers& layers) {
  layers_ = layers;
  redraw();
}

void ViewingResultsView::take_height() {
  const auto now = figure();
  setMinimumHeight(now ? static_cast<int>(std::ceil(viewing_figure_height(*now, width(), font_px()))) : 0);
}

void ViewingResultsView::redraw() {
  drawn_ = QPixmap();
  update();
}

void ViewingResultsView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (event->size().width() != event->oldSize().width()) take_height();
  redraw();
}

void ViewingResultsView::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange) take_height();
  if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) redraw();
}

void ViewingResultsView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  const auto now = figure();
  if (!now) return;
  // Drawn once, not with every step of the scroll bar.
  const double ratio = devicePixelRatioF();
  const QSize size = this->size() * ratio;
  if (drawn_.size() != size) {
    drawn_ = QPixmap(size);
    drawn_.setDevicePixelRatio(ratio);
    drawn_.fill(palette().color(QPalette::Window));
    QPainter into(&drawn_);
    paint_viewing_figure(into, QRectF(rect()), *now, palette(), font_px());
  }
  painter.drawPixmap(0, 0, drawn_);
}

}  // namespace yarbus::ui
