#include "ui/door_button.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/icons.h"

namespace yarbus::ui {

namespace {

constexpr int door_icon_px = 34;
constexpr int narrowest_door_px = 190;
constexpr int usual_door_px = 240;

QLabel* door_label(QWidget* parent) {
  auto* label = new QLabel(parent);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  label->setAttribute(Qt::WA_TransparentForMouseEvents);
  return label;
}

}  // namespace

DoorButton::DoorButton(const QString& icon, const QString& key, QWidget* parent)
    : QPushButton(parent),
      key_(key),
      picture_(tool_icon(icon)),
      icon_(door_label(this)),
      title_(door_label(this)),
      line_(door_label(this)),
      opens_(door_label(this)) {
  setAutoDefault(true);  // Enter presses it
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  QFont large = title_->font();
  large.setPointSizeF(1.3 * large.pointSizeF());
  large.setBold(true);
  title_->setFont(large);
  auto* head = new QHBoxLayout;
  head->setSpacing(10);
  head->addWidget(icon_);
  head->addWidget(title_, 1);
  auto* number = door_label(this);
  number->setText(key);
  number->setToolTip("Key " + key);
  number->setFrameShape(QFrame::StyledPanel);
  number->setMargin(4);
  head->addWidget(number, 0, Qt::AlignTop);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 14, 16, 14);
  column->setSpacing(10);
  column->addLayout(head);
  column->addWidget(line_);
  column->addStretch(1);
  column->addWidget(opens_);
  draw_icon();
}

void DoorButton::follow(const DoorState& door) {
  title_->setText(door.title);
  line_->setText(door.line);
  opens_->setText(door.opens);
  setEnabled(door.request.has_value());
  setAccessibleName(door.title);
  setAccessibleDescription(door.line + ' ' + door.opens + ". Key " + key_ + '.');
}

QSize DoorButton::sizeHint() const { return {usual_door_px, heightForWidth(usual_door_px)}; }

QSize DoorButton::minimumSizeHint() const { return {narrowest_door_px, heightForWidth(usual_door_px)}; }

int DoorButton::heightForWidth(int width) const { return layout()->totalHeightForWidth(width); }

void DoorButton::changeEvent(QEvent* event) {
  QPushButton::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::EnabledChange) draw_icon();
}

void DoorButton::draw_icon() {
  icon_->setPixmap(picture_.pixmap(QSize(door_icon_px, door_icon_px), devicePixelRatioF(),
                                   isEnabled() ? QIcon::Normal : QIcon::Disabled));
  icon_->setFixedSize(door_icon_px, door_icon_px);
  // Why a door is shut must be as easy to read as what an open one opens.
  QPalette readable;  // asks for these colours only, the others stay the door's
  for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::ButtonText})
    readable.setColor(QPalette::Disabled, role, palette().color(QPalette::Active, role));
  opens_->setPalette(readable);
}

}  // namespace yarbus::ui
