#pragma once

#include <QLabel>
#include <QWidget>

#include "app/session/calibration_control.h"
#include "ui/calibration/page_parts.h"
#include "ui/report/screen_map.h"

namespace yarbus::ui {

/// The screen in three by three cells over the error map; a block of cells is chosen by dragging over it, or
/// by arrow keys and, to make it larger, Shift with arrow keys.
class RegionView : public QWidget {
  Q_OBJECT
 public:
  explicit RegionView(QWidget* parent = nullptr);
  void show_result(const CalibrationResult& result);
  [[nodiscard]] ScreenRegion region() const;
  [[nodiscard]] QRect cells() const { return cells_; }
  /// The middle of that cell: widget coordinates.
  [[nodiscard]] QPointF cell_place(int column, int row) const;

 Q_SIGNALS:
  void changed();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  [[nodiscard]] QPoint cell_at(const QPointF& place) const;
  [[nodiscard]] QRectF area() const;
  void choose(const QRect& cells);

  ScreenMap map_;
  QRect cells_{1, 1, 1, 1};
  QPoint anchor_{1, 1};
};

/// Chooses the part of the screen to calibrate again.
class RegionPage : public QWidget {
  Q_OBJECT
 public:
  explicit RegionPage(QWidget* parent = nullptr);
  void follow(const CalibrationResultPtr& result);
  [[nodiscard]] RegionView& view() { return *view_; }

 Q_SIGNALS:
  void start_wanted(const yarbus::ScreenRegion& region);
  void cancelled();

 private:
  PageFrame frame_;
  CalibrationResultPtr result_;
  QLabel* text_;
  RegionView* view_;
  QPushButton* start_;
};

}  // namespace yarbus::ui
