#include "ui/mode_button.h"

#include <QMenu>

#include "ui/mode_text.h"

namespace yarbus::ui {

ModeButton::ModeButton(const WindowActions& actions, QWidget* parent) : QToolButton(parent) {
  setObjectName("mode_button");
  setPopupMode(QToolButton::InstantPopup);
  setAutoRaise(true);
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
  auto* menu = new QMenu(this);
  reason_ = menu->addAction(QString());
  reason_->setEnabled(false);
  menu->addSeparator();
  menu->addActions({actions.use_webcam, actions.use_eye_camera, actions.recognise});
  setMenu(menu);
  // Room for the longest text, so that the tool bar never jumps.
  setMinimumWidth(fontMetrics().horizontalAdvance(mode_name(TrackingMode::near_eye)) + 32);
  follow({});
}

void ModeButton::follow(const SourceSnapshot& source) {
  const QString words = mode_text(source);
  setEnabled(!words.isEmpty());
  setText(words.isEmpty() ? QString("No camera") : mode_name(source.mode));
  const QString sentence = words.left(1).toUpper() + words.mid(1);
  const QString tip = words.isEmpty() ? QString("What the camera looks at") : sentence;
  setToolTip(tip);
  setAccessibleName("What the camera looks at: " + text());
  reason_->setText(sentence);
}

}  // namespace yarbus::ui
