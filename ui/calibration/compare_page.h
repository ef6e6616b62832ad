#pragma once

#include <QWidget>
#include <array>

#include "app/session/calibration_view.h"
#include "ui/calibration/page_parts.h"
#include "ui/calibration/screen_map_view.h"
#include "ui/calibration/verdict_header.h"

namespace yarbus::ui {

/// Two calibrations side by side: verdicts, figures and error maps. The left one is in force.
class ComparePage : public QWidget {
  Q_OBJECT
 public:
  explicit ComparePage(QWidget* parent = nullptr);
  /// Either may be null.
  void compare(const CalibrationResultPtr& in_force, const CalibrationResultPtr& saved);

 Q_SIGNALS:
  void back();
  void use_wanted(const QString& path);

 private:
  struct Side {
    QLabel* none = nullptr;
    VerdictHeader* header = nullptr;
    QLabel* quality = nullptr;
    ScreenMapView* map = nullptr;
    QLabel* mappers = nullptr;
  };
  Side add_side(QHBoxLayout& row, const QString& title);
  static void show_side(const Side& side, const CalibrationResultPtr& result);

  PageFrame frame_;
  std::array<Side, 2> sides_;
  QPushButton* use_;
  QString path_;
};

}  // namespace yarbus::ui
