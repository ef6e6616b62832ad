#include "ui/eye_selector.h"

#include <QHBoxLayout>

#include "ui/mode_text.h"
#include "ui/state_text.h"

namespace yarbus::ui {

EyeSelector::EyeSelector(const WindowActions& actions, QWidget* parent) : QWidget(parent) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(4, 0, 4, 0);
  layout->setSpacing(2);
  for (const EyeSide eye : {EyeSide::right, EyeSide::left}) {
    QAction* action = eye == EyeSide::right ? actions.right_eye : actions.left_eye;
    auto* button = new QToolButton(this);
    button->setCheckable(true);
    button->setChecked(action->isChecked());
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setToolTip(action->toolTip());
    button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    // Room for the longest state, so that the tool bar never jumps.
    button->setMinimumWidth(button->fontMetrics().horizontalAdvance("Right: reconnecting") + 16);
    // The action's own text stays short; the button adds the state. They share what is checked.
    connect(button, &QToolButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::toggled, button, &QToolButton::setChecked);
    layout->addWidget(button);
    buttons_[static_cast<std::size_t>(eye)] = button;
    follow(eye, {});
  }
  connect(actions.right_eye, &QAction::triggered, this,
          [this] { buttons_[static_cast<std::size_t>(EyeSide::right)]->setChecked(true); });
  connect(actions.left_eye, &QAction::triggered, this,
          [this] { buttons_[static_cast<std::size_t>(EyeSide::left)]->setChecked(true); });
}

void EyeSelector::follow(EyeSide eye, const EyeSnapshot& snapshot) { say(eye, short_state(snapshot)); }

void EyeSelector::follow_webcam(const EyeSnapshot& snapshot) {
  const bool plays = snapshot.source.state == PlaybackState::playing && snapshot.latest;
  for (const EyeSide eye : {EyeSide::right, EyeSide::left})
    say(eye, plays ? webcam_eye_state(snapshot, eye) : short_state(snapshot));
}

void EyeSelector::say(EyeSide eye, const QString& state) {
  QToolButton* button = buttons_[static_cast<std::size_t>(eye)];
  button->setText(eye_name(eye) + ": " + state);
  button->setAccessibleName(eye_name(eye) + " eye, " + state);
}

}  // namespace yarbus::ui
