#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSettings>
#include <QWidget>

#include "ui/calibration/monitors.h"
#include "ui/calibration/page_parts.h"
#include "ui/calibration/setup_choices.h"

namespace yarbus::ui {

/// What a calibration needs to be told: monitor and its size, viewing distance, targets, pace, where the
/// camera is. Everything has an answer already, so that Enter starts.
class SetupPage : public QWidget {
  Q_OBJECT
 public:
  explicit SetupPage(QSettings& settings, QWidget* parent = nullptr);

  /// With monitors that tests make up.
  void set_monitors(const QVector<Monitor>& monitors);
  /// Calibrates a simulated participant.
  void set_demo(bool is_demo);
  [[nodiscard]] bool is_demo() const { return is_demo_; }
  /// The camera is a webcam, which sees the head move: other advice, and nothing to ask about the camera.
  void set_webcam(bool is_webcam);
  [[nodiscard]] CalibrationRequest request() const;
  [[nodiscard]] const Monitor* monitor() const;
  /// What the card showed.
  void use_size(const QSizeF& size_mm);
  void remember();

 Q_SIGNALS:
  void start_wanted();
  void card_wanted();
  void cancelled();

 private:
  void build_screen_part(QFormLayout& form);
  void build_target_part(QFormLayout& form);
  void follow_monitor();
  void follow_kind();
  [[nodiscard]] SetupChoices choices() const;

  QSettings& settings_;
  QVector<Monitor> monitors_;
  bool is_demo_ = false;
  bool is_webcam_ = false;
  PageFrame frame_;
  QLabel* demo_text_;
  QLabel* webcam_text_;
  QComboBox* monitor_;
  QDoubleSpinBox* width_mm_;
  QDoubleSpinBox* height_mm_;
  QLabel* size_text_;
  QDoubleSpinBox* distance_cm_;
  QComboBox* layout_;
  QComboBox* validation_;
  QComboBox* pace_;
  QComboBox* camera_;
  QLabel* camera_text_;
  QLayout* camera_row_ = nullptr;  ///< of that text
  QCheckBox* head_pass_;
  QLineEdit* name_;
  QComboBox* fault_;
  QFormLayout* form_;
};

}  // namespace yarbus::ui
