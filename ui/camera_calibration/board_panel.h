#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QWidget>
#include <optional>

#include "app/session/camera_calibration_control.h"
#include "app/session/session.h"

namespace yarbus::ui {

/// The board: its kind and measures, how it will look, how large it must be on paper, and its printing.
class BoardPanel : public QWidget {
  Q_OBJECT
 public:
  BoardPanel(CameraCalibrationControl& control, QSettings& settings, QWidget* parent = nullptr);

  void set_setup(const CameraCalibrationSetup& setup);
  [[nodiscard]] CameraCalibrationSetup setup() const;
  /// What is wrong with the board as entered; empty: nothing.
  [[nodiscard]] QString fault() const { return fault_; }

 Q_SIGNALS:
  /// Another board, which is possible; or another way of taking views.
  void changed();
  void said(yarbus::Notice::Severity severity, const QString& text, const QString& remedy);

 private:
  class Preview;
  void build_fields();
  void build_printing();
  void follow_fields();
  void ask_measured_width();
  void ask_where_to_print();
  void print_to(const QString& path);

  CameraCalibrationControl& control_;
  QSettings& settings_;
  std::optional<BoardDrawing> drawing_;  ///< unset: the board is impossible
  QString fault_;
  bool is_filling_ = false;
  QFormLayout* form_;
  QComboBox* kind_;
  QSpinBox* columns_;
  QSpinBox* rows_;
  QLabel* counted_;
  QDoubleSpinBox* square_mm_;
  QDoubleSpinBox* marker_mm_;
  QDoubleSpinBox* circle_mm_;
  QComboBox* dictionary_;
  QCheckBox* takes_by_itself_;
  Preview* preview_;
  QLabel* fault_text_;
  QLabel* size_text_;
  QPushButton* measured_;
  QPushButton* print_;
};

}  // namespace yarbus::ui
