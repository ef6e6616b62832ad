#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QVBoxLayout>
#include <optional>

#include "app/session/viewing_control.h"
#include "ui/report/stimulus_picture.h"
#include "ui/viewing/task_table.h"

namespace yarbus::ui {

/// Where a viewing session is set up: the picture, the tasks, how they are shown, who looks. Says what is
/// missing to begin. Not modal. The last plan is remembered.
class ViewingDialog : public QDialog {
  Q_OBJECT
 public:
  explicit ViewingDialog(QSettings& settings, QWidget* parent = nullptr);

  /// What keeps a viewing from beginning, apart from the plan; both empty: nothing.
  struct Obstacle {
    QString text;
    bool can_calibrate = false;  ///< a calibration would take it away
    friend bool operator==(const Obstacle&, const Obstacle&) = default;
  };
  void follow(const Obstacle& obstacle);
  /// Something that went wrong, for the person to read.
  void show_problem(const QString& text);

  [[nodiscard]] ViewingPlan plan() const;
  void set_plan(const ViewingPlan& plan);
  /// Of the recording: name, participant, and what is kept.
  [[nodiscard]] RecordingWish recording() const;
  /// Null: it cannot be read.
  [[nodiscard]] const StimulusPicture* picture() const { return picture_ ? &*picture_ : nullptr; }

 Q_SIGNALS:
  void start_wanted();
  void calibrate_wanted();

 private:
  void build_plan_part(QVBoxLayout& column);
  void use_picture(const QString& path);
  void ask_for_picture();
  void ask_for_plan();
  void ask_where_to_save();
  void use_example();
  void follow_state();
  void remember();

  QSettings& settings_;
  std::optional<StimulusPicture> picture_;
  QString picture_fault_;
  Obstacle obstacle_;
  std::string plan_name_;
  QLineEdit* image_;
  QLabel* preview_;
  TaskTable* tasks_;
  QDoubleSpinBox* instruction_;
  QCheckBox* waits_for_key_;
  QComboBox* order_;
  QSpinBox* seed_;
  QLineEdit* participant_;
  QComboBox* parts_;
  QLabel* length_;
  QLabel* state_;
  QLabel* problem_;
  QPushButton* calibrate_;
  QPushButton* start_;
};

}  // namespace yarbus::ui
