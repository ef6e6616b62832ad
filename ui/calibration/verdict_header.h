#pragma once

#include <QLabel>
#include <QWidget>

#include "app/session/calibration_view.h"

namespace yarbus::ui {

/// The verdict on a calibration, large: mark, grade and words, and below them what was calibrated when.
class VerdictHeader : public QWidget {
  Q_OBJECT
 public:
  explicit VerdictHeader(QWidget* parent = nullptr);
  void show_result(const CalibrationResult& result);
  [[nodiscard]] QString text() const { return verdict_->text(); }

 private:
  class Mark;
  Mark* mark_;
  QLabel* verdict_;
  QLabel* what_;
};

}  // namespace yarbus::ui
