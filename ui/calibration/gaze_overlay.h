#pragma once

#include <QElapsedTimer>
#include <QScreen>
#include <QTimer>
#include <QWidget>
#include <optional>

#include "app/session/calibration_control.h"
#include "ui/calibration/gaze_mark.h"
#include "ui/calibration/monitors.h"

namespace yarbus::ui {

/// Gaze above all other windows of the calibrated monitor: dot and ring of the stated uncertainty, and in a
/// corner the filter with its latency. Clicks go through it. Its window has the shape of what it draws, so it
/// also works where nothing composes translucent windows. Polls at display rate while it is shown.
class GazeOverlay : public QWidget {
  Q_OBJECT
 public:
  explicit GazeOverlay(CalibrationControl& control, QWidget* parent = nullptr);

  void show_on(const Monitor& monitor, const ScreenGeometry& geometry, QScreen* screen);
  /// One pull, with the time since the last one that brought a new gaze. The timer calls it; tests do too.
  void follow(const ScreenGazeSnapshot& gaze, double seconds_without);
  [[nodiscard]] const std::optional<GazeMark>& mark() const { return mark_; }
  [[nodiscard]] const QString& label() const { return label_; }

  /// Why clicks may not go through on this platform ("wayland"); empty: they do.
  static QString platform_notice(const QString& platform);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void poll();
  [[nodiscard]] ScreenScale scale() const;
  [[nodiscard]] QRect label_box() const;
  [[nodiscard]] QRegion shape_of(const std::optional<GazeMark>& mark) const;

  CalibrationControl& control_;
  QTimer timer_;
  QElapsedTimer since_new_;
  CaptureTime latest_{};
  QRect monitor_area_;
  QSizeF size_mm_;
  std::optional<GazeMark> mark_;
  QString label_;
};

}  // namespace yarbus::ui
