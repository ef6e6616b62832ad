#include "ui/calibration/card_page.h"

#include <QKeyEvent>
#include <QPainter>
#include <cmath>

namespace yarbus::ui {

namespace {

constexpr int steps_per_px = 4;  ///< of the slider

}  // namespace

CardView::CardView(QWidget* parent) : QWidget(parent) {
  setObjectName("card_view");
  setAccessibleName("Rectangle of a bank card");
  setAccessibleDescription("Arrow keys make it larger or smaller; with Shift in large steps.");
  setFocusPolicy(Qt::StrongFocus);
}

void CardView::set_card_width(double px) {
  width_px_ = px;
  update();
}

void CardView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double height = width_px_ * card_height_mm / card_width_mm;
  const QRectF card(0.5 * (width() - width_px_), 0.5 * (QWidget::height() - height), width_px_, height);
  const double corner = width_px_ * 3.18 / card_width_mm;  // of the standard
  QColor fill = palette().color(QPalette::Highlight);
  fill.setAlphaF(0.2F);
  painter.setBrush(fill);
  painter.setPen(QPen(palette().color(QPalette::Text), 1.0));
  painter.drawRoundedRect(card, corner, corner);
  painter.drawText(card, Qt::AlignCenter, "bank card, 85.6 × 54.0 mm");
  if (hasFocus()) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2.0));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
  }
}

void CardView::keyPressEvent(QKeyEvent* event) {
  const double step = (event->modifiers() & Qt::ShiftModifier) != 0 ? 10.0 : 0.5;
  switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Plus:
      Q_EMIT resized_by(step);
      return;
    case Qt::Key_Left:
    case Qt::Key_Down:
    case Qt::Key_Minus:
      Q_EMIT resized_by(-step);
      return;
    default:
      QWidget::keyPressEvent(event);
  }
}

CardPage::CardPage(QWidget* parent)
    : QWidget(parent),
      frame_(*this, "How large is the monitor?", false),
      card_(new CardView(this)),
      slider_(new QSlider(Qt::Horizontal, this)),
      words_(wrapped_label({}, this)) {
  setObjectName("card_page");
  frame_.column()->addWidget(wrapped_label(
      "Hold a bank card (or any card of that size) flat to the monitor over the rectangle. Make the "
      "rectangle as wide as the card with the slider or the arrow keys, then press “Use this size”.",
      this));
  frame_.column()->addWidget(card_, 1);
  slider_->setObjectName("card_slider");
  slider_->setAccessibleName("Width of the rectangle");
  frame_.column()->addWidget(slider_);
  words_->setObjectName("card_words");
  frame_.column()->addWidget(words_);
  auto* cancel = frame_.add_button("Back", "card_back");
  auto* use = frame_.add_button("Use this size", "card_use", true);
  connect(cancel, &QPushButton::clicked, this, &CardPage::cancelled);
  connect(use, &QPushButton::clicked, this, [this] { Q_EMIT measured(size_mm()); });
  connect(slider_, &QSlider::valueChanged, this, &CardPage::follow);
  connect(card_, &CardView::resized_by, this, [this](double px) {
    slider_->setValue(slider_->value() + static_cast<int>(std::lround(px * steps_per_px)));
  });
}

void CardPage::begin(const Monitor& monitor, const QSizeF& size_mm) {
  area_px_ = QSizeF(monitor.area.size());
  // From a projector of five metres to a display within a headset.
  slider_->setRange(20 * steps_per_px, static_cast<int>(area_px_.width()) * steps_per_px);
  slider_->setSingleStep(1);
  slider_->setPageStep(10 * steps_per_px);
  slider_->setValue(static_cast<int>(std::lround(steps_per_px * card_width_px(size_mm, area_px_))));
  follow();
  card_->setFocus();
}

QSizeF CardPage::size_mm() const {
  return size_from_card(static_cast<double>(slider_->value()) / steps_per_px, area_px_);
}

void CardPage::follow() {
  card_->set_card_width(static_cast<double>(slider_->value()) / steps_per_px);
  words_->setText(QString("The monitor's picture is then %1 × %2 mm.")
                      .arg(size_mm().width(), 0, 'f', 0)
                      .arg(size_mm().height(), 0, 'f', 0));
}

}  // namespace yarbus::ui
