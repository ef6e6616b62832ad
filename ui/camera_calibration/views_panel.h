#pragma once

#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QWidget>

#include "app/session/camera_calibration_control.h"
#include "ui/calibration/folded_text.h"

namespace yarbus::ui {

/// The views kept, each with its error; what was taken out, and why; and their removal by hand.
class ViewsPanel : public QWidget {
  Q_OBJECT
 public:
  explicit ViewsPanel(CameraCalibrationControl& control, QWidget* parent = nullptr);
  void follow(const CameraCalibrationSnapshot& now);

 Q_SIGNALS:
  /// 0: none.
  void selected(int id);

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void fill();
  void follow_choice();
  void remove_chosen();
  [[nodiscard]] const CameraCalibrationView* chosen() const;

  CameraCalibrationControl& control_;
  std::vector<CameraCalibrationView> views_;
  QString shown_;  ///< what the list was filled with
  QLabel* count_;
  QTreeWidget* list_;
  QLabel* text_;
  FoldedText* not_taken_;
  QPushButton* remove_;
};

}  // namespace yarbus::ui
