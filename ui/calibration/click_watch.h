#pragma once

#include <QObject>
#include <functional>
#include <optional>

#include "app/session/calibration_control.h"
#include "ui/calibration/screen_scale.h"

namespace yarbus::ui {

/// Clicks within the application's own windows as known targets: people look where they click. Where on the
/// calibrated monitor a click was, `scale` says (global positions); nullopt: none is calibrated. Clicks
/// elsewhere on the desktop are never seen.
class ClickWatch : public QObject {
  Q_OBJECT
 public:
  using FindScale = std::function<std::optional<ScreenScale>()>;
  ClickWatch(CalibrationControl& control, FindScale scale, QObject* parent = nullptr);

  /// Installs the filter on the application, or removes it.
  void watch(bool is_watched);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  CalibrationControl& control_;
  FindScale scale_;
  bool is_watched_ = false;
};

}  // namespace yarbus::ui
