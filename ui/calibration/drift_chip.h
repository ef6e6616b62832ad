#pragma once

#include <QToolButton>

#include "app/session/calibration_view.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// How well gaze on the screen still holds, in words with a mark; a click offers what helps. Gone without a
/// calibration.
class DriftChip : public QToolButton {
  Q_OBJECT
 public:
  DriftChip(const WindowActions& actions, QWidget* parent = nullptr);
  void follow(const ScreenGazeSnapshot& gaze);
  [[nodiscard]] const QString& full_text() const { return full_text_; }

 private:
  QString full_text_;
  QString icon_name_;
};

}  // namespace yarbus::ui
