#pragma once

#include <QWidget>

#include "app/session/session.h"
#include "ui/report/overlay.h"

namespace yarbus::ui {

/// The camera image with what the tracker made of it. Holds at most one sample, so at most one frame of the
/// pool.
class EyeImageView : public QWidget {
  Q_OBJECT
 public:
  explicit EyeImageView(QWidget* parent = nullptr);

  /// Null: no image yet.
  void show_sample(GazeSamplePtr sample);
  void set_overlay(const OverlayOptions& options);
  [[nodiscard]] const OverlayOptions& overlay() const { return options_; }
  /// What to say while there is no image.
  void set_waiting_text(const QString& text);
  [[nodiscard]] QSize sizeHint() const override { return {720, 540}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {240, 180}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  GazeSamplePtr sample_;
  OverlayOptions options_;
  QString waiting_text_;
};

}  // namespace yarbus::ui
