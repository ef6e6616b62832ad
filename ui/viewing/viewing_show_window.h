#pragma once

#include <QScreen>
#include <QWidget>
#include <optional>

#include "app/session/viewing_control.h"
#include "ui/calibration/monitors.h"
#include "ui/report/stimulus_picture.h"

namespace yarbus::ui {

/// What the viewer sees, full screen on the calibrated monitor: the task in words, then the picture alone on
/// grey. Reports each page once it has been painted, and takes the keys.
class ViewingShowWindow : public QWidget {
  Q_OBJECT
 public:
  explicit ViewingShowWindow(ViewingControl& control, QWidget* parent = nullptr);

  /// Covers that monitor. `area`: where the picture lies on it, mm.
  void show_on(const Monitor& monitor, QScreen* screen, const ScreenGeometry& geometry,
               const ScreenRegion& area, const StimulusPicture& picture);
  void follow(const ViewingView& now);
  /// The words in the middle; empty while the picture is shown.
  [[nodiscard]] QString middle_text() const;
  /// What can be done, at the lower edge; nothing while the picture is shown.
  [[nodiscard]] QString status_text() const;
  /// Where the picture is: widget coordinates.
  [[nodiscard]] QRectF picture_place() const;
  /// Esc was pressed once; another one ends the viewing.
  [[nodiscard]] bool asks_to_end() const { return asks_to_end_; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void closeEvent(QCloseEvent* event) override;

 private:
  [[nodiscard]] ScreenScale scale() const;
  [[nodiscard]] bool shows_picture() const {
    return now_.stage == ViewingStage::running && now_.run.phase == ViewingPhase::picture && !asks_to_end_;
  }
  void press_escape();
  void report_shown();

  ViewingControl& control_;
  ViewingView now_;
  std::optional<StimulusPicture> picture_;
  QImage drawn_;  ///< of the size at which it is shown
  QRect monitor_area_;
  QSizeF size_mm_;
  ScreenRegion area_mm_;
  bool asks_to_end_ = false;
  std::optional<int> painted_;   ///< the page that the last paint event drew
  std::optional<int> reported_;  ///< and the one that was reported
};

/// Where a picture of that size lies on a screen: as large as it fits within a margin, in the middle; mm.
ScreenRegion place_for_picture(const QSize& picture_px, const ScreenGeometry& screen);

}  // namespace yarbus::ui
