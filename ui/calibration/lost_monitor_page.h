#pragma once

#include <QLabel>
#include <QWidget>

#include "app/session/calibration_control.h"
#include "ui/calibration/page_parts.h"

namespace yarbus::ui {

/// The monitor of the targets has gone in mid-way: the calibration is paused until it is back.
class LostMonitorPage : public QWidget {
  Q_OBJECT
 public:
  explicit LostMonitorPage(CalibrationControl& control, QWidget* parent = nullptr);
  void set_monitor(const QString& name);

 private:
  PageFrame frame_;
  QLabel* text_;
};

}  // namespace yarbus::ui
