#pragma once

#include <QWidget>

#include "ui/report/screen_map.h"

namespace yarbus::ui {

/// The map of targets to look at, and to choose a point on with the mouse or the arrow keys. Enter, or a
/// click on the chosen point, asks for that point to be done again.
class ScreenMapView : public QWidget {
  Q_OBJECT
 public:
  explicit ScreenMapView(QWidget* parent = nullptr);

  void show_map(const ScreenMap& map);
  [[nodiscard]] const ScreenMap& map() const { return map_; }
  void set_selectable(bool is_selectable);
  [[nodiscard]] int selected() const { return map_.selected; }
  void select(int point);
  /// Where a point's mark is: widget coordinates.
  [[nodiscard]] QPointF place_of(const PointView& point) const;

  [[nodiscard]] QSize sizeHint() const override { return {560, 380}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {320, 230}; }

 Q_SIGNALS:
  void selection_changed(int point);
  void redo_wanted(int point);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  [[nodiscard]] QRectF target() const;
  [[nodiscard]] double font_px() const;
  void move_selection(const Eigen::Vector2d& direction);

  ScreenMap map_;
  bool is_selectable_ = false;
};

}  // namespace yarbus::ui
