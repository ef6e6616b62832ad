#pragma once

#include <QLabel>
#include <QWidget>

#include "ui/window_actions.h"

namespace yarbus::ui {

/// What the window shows in place of the image while no source is open: the ways to open one.
class EmptyState : public QWidget {
  Q_OBJECT
 public:
  explicit EmptyState(const WindowActions& actions, QWidget* parent = nullptr);
  /// `is_seen_by_webcam`: the webcam in the other eye's place sees this one too.
  void set_eye(EyeSide eye, bool is_seen_by_webcam = false);

 private:
  QLabel* title_;
};

}  // namespace yarbus::ui
