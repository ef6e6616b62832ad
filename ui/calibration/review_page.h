#pragma once

#include <QLabel>
#include <QWidget>

#include "app/session/calibration_control.h"
#include "ui/calibration/page_parts.h"
#include "ui/calibration/screen_map_view.h"

namespace yarbus::ui {

/// Something is wrong and a person decides: what was found with its remedy, the map of the points, and the
/// ways on.
class ReviewPage : public QWidget {
  Q_OBJECT
 public:
  explicit ReviewPage(CalibrationControl& control, QWidget* parent = nullptr);
  void follow(const CalibrationSnapshot& now);
  [[nodiscard]] ScreenMapView& map() { return *map_; }

 private:
  void follow_selection(int point);

  PageFrame frame_;
  QLabel* findings_;
  QLabel* point_text_;
  ScreenMapView* map_;
  QPushButton* redo_one_;
  QPushButton* redo_poor_;
  QPushButton* go_on_;
  std::vector<PointView> points_;
  QString shown_;
};

}  // namespace yarbus::ui
