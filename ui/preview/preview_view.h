#pragma once

#include <QImage>
#include <QWidget>
#include <optional>

#include "app/session/camera_preview_control.h"

namespace yarbus::ui {

/// The picture of a camera that is not open yet, and the area in it where focus and exposure are judged:
/// drawn with the mouse, or with the keys.
class PreviewView : public QWidget {
  Q_OBJECT
 public:
  explicit PreviewView(QWidget* parent = nullptr);

  /// Draws a copy of the picture; null: the text in its place.
  void show_picture(const GrayImage* picture, const QString& text);
  [[nodiscard]] const PictureArea& area() const { return area_; }
  /// Not told as `area_chosen`.
  void set_area(const PictureArea& area);
  /// Where the picture is drawn; empty without one.
  [[nodiscard]] QRectF picture_rect() const;

  [[nodiscard]] QSize sizeHint() const override { return {360, 270}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {280, 180}; }

 Q_SIGNALS:
  void area_chosen(const yarbus::PictureArea& area);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void choose(const PictureArea& area);
  [[nodiscard]] QPointF share_at(const QPointF& place) const;

  QImage picture_;
  QString text_;
  PictureArea area_;
  std::optional<QPointF> drag_from_;  ///< in shares of the picture
  PictureArea dragged_;
};

}  // namespace yarbus::ui
