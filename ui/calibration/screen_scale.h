#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <Eigen/Core>

namespace yarbus::ui {

/// Between places on a monitor in screen (mm, origin top left) and Qt's device-independent pixels.
/// Frames & units: `area` is the monitor in the coordinates of whoever asks: the virtual desktop for the
/// mouse's global positions, (0, 0, width, height) for a widget that covers the monitor. Device pixels are
/// these times the monitor's devicePixelRatio and do not matter here.
class ScreenScale {
 public:
  ScreenScale(const QRectF& area, const QSizeF& size_mm) : area_(area), size_mm_(size_mm) {}

  [[nodiscard]] QPointF place_of(const Eigen::Vector2d& in_screen_mm) const {
    return {area_.left() + in_screen_mm.x() * area_.width() / size_mm_.width(),
            area_.top() + in_screen_mm.y() * area_.height() / size_mm_.height()};
  }
  [[nodiscard]] Eigen::Vector2d mm_of(const QPointF& place) const {
    return {(place.x() - area_.left()) * size_mm_.width() / area_.width(),
            (place.y() - area_.top()) * size_mm_.height() / area_.height()};
  }
  /// Mean of both directions.
  [[nodiscard]] double px_per_mm() const {
    return 0.5 * (area_.width() / size_mm_.width() + area_.height() / size_mm_.height());
  }
  [[nodiscard]] bool is_usable() const { return !area_.isEmpty() && !size_mm_.isEmpty(); }
  [[nodiscard]] const QRectF& area() const { return area_; }

 private:
  QRectF area_;
  QSizeF size_mm_;
};

}  // namespace yarbus::ui
