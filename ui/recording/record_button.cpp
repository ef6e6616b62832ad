#include "ui/recording/record_button.h"

#include <QPainter>
#include <algorithm>

#include "ui/recording/recording_words.h"

namespace yarbus::ui {

namespace {

constexpr int picture_px = 64;
constexpr const char* red_style =
    "QToolButton { background: #b3261e; color: white; border: 2px solid #b3261e; border-radius: 5px; "
    "padding: 2px 8px; font-weight: bold; }"
    "QToolButton:hover { background: #8f1d17; }"
    "QToolButton:focus { border-color: palette(highlight); }"
    "QToolButton:disabled { background: #8a5a57; border-color: #8a5a57; }";

/// A disc says record, a square says stop: the shape tells as much as the colour.
QPixmap draw_sign(const QColor& color, bool is_square) {
  QPixmap pixmap(picture_px, picture_px);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  constexpr int margin_px = 12;
  const QRect area = pixmap.rect().adjusted(margin_px, margin_px, -margin_px, -margin_px);
  is_square ? painter.drawRoundedRect(area, 4, 4) : painter.drawEllipse(area);
  return pixmap;
}

QIcon disc_icon() {
  QIcon icon(draw_sign(QColor(211, 47, 47), false));
  icon.addPixmap(draw_sign(QColor(150, 150, 150), false), QIcon::Disabled);
  return icon;
}

QIcon square_icon() { return QIcon(draw_sign(Qt::white, true)); }

}  // namespace

RecordButton::RecordButton(const WindowActions& actions, QWidget* parent)
    : QToolButton(parent), record_(actions.record) {
  setObjectName("record_button");
  setAutoRaise(true);
  setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  setFocusPolicy(Qt::TabFocus);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
  setIcon(disc_icon());
  connect(this, &QToolButton::clicked, record_, &QAction::trigger);
  const auto copy = [this] {
    setEnabled(record_->isEnabled());
    setToolTip(record_->toolTip());
  };
  connect(record_, &QAction::changed, this, copy);
  copy();
  follow({});
}

void RecordButton::follow(const RecordingView& view) {
  const bool is_red = is_active(view);
  if (is_red != is_red_) {
    is_red_ = is_red;
    setStyleSheet(is_red ? red_style : "");
    setIcon(is_red ? square_icon() : disc_icon());
    setMinimumWidth(0);
  }
  const QString text = button_text(view);
  if (text != this->text()) setText(text);
  // It grows with what it says, but never shrinks while it counts: the tool bar would jump.
  if (is_red) setMinimumWidth(std::max(minimumWidth(), sizeHint().width()));
  const QString spoken = spoken_text(view);
  if (spoken != accessibleName()) setAccessibleName(spoken);
}

}  // namespace yarbus::ui
