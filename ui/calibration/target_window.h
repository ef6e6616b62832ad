#pragma once

#include <QScreen>
#include <QWidget>
#include <optional>

#include "app/session/calibration_control.h"
#include "ui/calibration/monitors.h"

namespace yarbus::ui {

/// The targets, full screen on the chosen monitor: nothing else but a line of state at the edge away from the
/// target. Reports each target once it has been painted, and takes the participant's keys.
class TargetWindow : public QWidget {
  Q_OBJECT
 public:
  explicit TargetWindow(CalibrationControl& control, QWidget* parent = nullptr);

  /// Covers that monitor; its size comes with each snapshot.
  void show_on(const Monitor& monitor, QScreen* screen);
  void follow(const CalibrationSnapshot& now);
  /// Where the target is drawn now: widget coordinates.
  [[nodiscard]] std::optional<QPointF> target_place() const;
  [[nodiscard]] QString status_text() const;
  /// What the middle of the page says; empty while a target is shown.
  [[nodiscard]] QString middle_text() const;
  /// What to do beside looking, drawn by the target; empty at most of them.
  [[nodiscard]] QString instruction_text() const;
  /// Esc was pressed once; another one aborts.
  [[nodiscard]] bool asks_to_abort() const { return asks_to_abort_; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void closeEvent(QCloseEvent* event) override;

 private:
  [[nodiscard]] ScreenScale scale() const;
  [[nodiscard]] double degree_px() const;
  [[nodiscard]] QRectF status_box() const;
  [[nodiscard]] QRectF instruction_box(const QPointF& target) const;
  void paint_instruction(QPainter& painter, const QPointF& target) const;
  void press_escape();
  void redo_last();
  void report_shown();
  void update_what_changed(const CalibrationSnapshot& before);
  void follow_points();

  CalibrationControl& control_;
  CalibrationSnapshot now_;
  QRect monitor_area_;
  bool asks_to_abort_ = false;
  bool status_at_top_ = false;
  std::optional<int> painted_;   ///< the showing that the last paint event drew
  std::optional<int> reported_;  ///< and the one that was reported
  int point_ = -1;
  int last_point_ = -1;  ///< the one before
};

}  // namespace yarbus::ui
