#pragma once

#include <QProgressBar>
#include <QWidget>

#include "app/session/session.h"
#include "ui/calibration/eye_gate_card.h"
#include "ui/calibration/page_parts.h"

namespace yarbus::ui {

/// Waits with the participant until an eye is ready; then the targets come by themselves, or by key.
class GatePage : public QWidget {
  Q_OBJECT
 public:
  explicit GatePage(CalibrationControl& control, QWidget* parent = nullptr);
  void follow(const CalibrationSnapshot& now, const EyeSnapshot& right, const EyeSnapshot& left);

 private:
  PageFrame frame_;
  EyeGateCard* right_;
  EyeGateCard* left_;
  QLabel* intro_;
  QLabel* text_;
  QLabel* head_;
  QProgressBar* progress_;
  QPushButton* start_;
};

}  // namespace yarbus::ui
