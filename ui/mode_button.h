#pragma once

#include <QToolButton>

#include "app/session/session.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// Says what the camera of the eye shown looks at, why that is thought, and lets it be changed.
class ModeButton : public QToolButton {
  Q_OBJECT
 public:
  explicit ModeButton(const WindowActions& actions, QWidget* parent = nullptr);
  void follow(const SourceSnapshot& source);

 private:
  QAction* reason_;
};

}  // namespace yarbus::ui
