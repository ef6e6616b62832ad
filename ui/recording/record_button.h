#pragma once

#include <QToolButton>

#include "app/session/recording_control.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// The tool bar's button: a red disc that starts; while recording all red, with the time, the size on the
/// disk and the frames lost, and it stops.
class RecordButton : public QToolButton {
  Q_OBJECT
 public:
  explicit RecordButton(const WindowActions& actions, QWidget* parent = nullptr);
  void follow(const RecordingView& view);

 private:
  QAction* record_;
  bool is_red_ = false;
};

}  // namespace yarbus::ui
