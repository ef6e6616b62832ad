#pragma once

#include <QToolButton>
#include <QWidget>
#include <array>

#include "app/session/session.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// Which eye is shown, and one or two words on the state of each.
class EyeSelector : public QWidget {
  Q_OBJECT
 public:
  explicit EyeSelector(const WindowActions& actions, QWidget* parent = nullptr);
  void follow(EyeSide eye, const EyeSnapshot& snapshot);
  /// Of one webcam that sees both eyes.
  void follow_webcam(const EyeSnapshot& snapshot);
  [[nodiscard]] QString text(EyeSide eye) const { return buttons_[static_cast<std::size_t>(eye)]->text(); }

 private:
  void say(EyeSide eye, const QString& state);
  std::array<QToolButton*, 2> buttons_{};
};

}  // namespace yarbus::ui
