#pragma once

#include <QWidget>

#include "app/session/camera_preview_control.h"

namespace yarbus::ui {

/// How many pixels have which gray level, black at the left and white at the right; the highest bar fills it.
class HistogramView : public QWidget {
  Q_OBJECT
 public:
  explicit HistogramView(QWidget* parent = nullptr);
  void show_quality(const PictureQuality& quality);
  void clear();

  [[nodiscard]] QSize sizeHint() const override { return {260, 56}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {128, 40}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::array<float, PictureQuality::bins> shares_{};
};

}  // namespace yarbus::ui
