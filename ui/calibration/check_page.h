#pragma once

#include <QLabel>
#include <QWidget>

#include "app/session/calibration_control.h"
#include "ui/calibration/page_parts.h"

namespace yarbus::ui {

/// What the check with one point showed, and what to do about it.
class CheckPage : public QWidget {
  Q_OBJECT
 public:
  explicit CheckPage(QWidget* parent = nullptr);
  void follow(const ScreenGazeSnapshot& gaze);

 Q_SIGNALS:
  void recentre_wanted();
  void calibrate_wanted();
  void done();

 private:
  PageFrame frame_;
  QLabel* icon_;
  QLabel* text_;
  QLabel* remedy_;
  bool was_drifted_ = false;
};

}  // namespace yarbus::ui
