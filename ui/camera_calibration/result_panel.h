#pragma once

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QWidget>

#include "app/session/camera_calibration_control.h"
#include "app/session/session.h"
#include "ui/camera_calibration/camera_words.h"

namespace yarbus::ui {

/// The lens model, the computation, the camera that came out with a verdict, and where it goes.
class ResultPanel : public QWidget {
  Q_OBJECT
 public:
  ResultPanel(CameraCalibrationControl& control, QSettings& settings, QWidget* parent = nullptr);
  void follow(const CameraCalibrationSnapshot& now, const SourceSnapshot& source);
  void compute();
  void save();
  [[nodiscard]] QString camera_name() const;

 private:
  void build_result();
  void build_saving();
  void show_verdict(const CameraVerdict& verdict);
  void ask_where_to_export();

  CameraCalibrationControl& control_;
  QSettings& settings_;
  QComboBox* lens_;
  QPushButton* compute_;
  QProgressBar* busy_;
  QLabel* refusal_;
  QWidget* content_;
  QLabel* verdict_icon_;
  QLabel* verdict_;
  QLabel* remedy_;
  QLabel* old_;
  QLabel* lens_text_;
  QLabel* table_;
  QLineEdit* name_;
  QPushButton* save_;
  QPushButton* export_;
  QLabel* save_text_;
  QString icon_name_;
};

}  // namespace yarbus::ui
