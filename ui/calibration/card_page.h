#pragma once

#include <QLabel>
#include <QSlider>
#include <QWidget>

#include "ui/calibration/monitors.h"
#include "ui/calibration/page_parts.h"

namespace yarbus::ui {

/// A rectangle that is made as large as a bank card held to the monitor; that tells the monitor's size.
class CardView : public QWidget {
  Q_OBJECT
 public:
  explicit CardView(QWidget* parent = nullptr);
  void set_card_width(double px);
  [[nodiscard]] double card_width() const { return width_px_; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {240, 160}; }

 Q_SIGNALS:
  /// By the arrow keys, in device-independent px.
  void resized_by(double px);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  double width_px_ = 320.0;
};

class CardPage : public QWidget {
  Q_OBJECT
 public:
  explicit CardPage(QWidget* parent = nullptr);
  /// Starts at the size that is believed now.
  void begin(const Monitor& monitor, const QSizeF& size_mm);
  /// What the rectangle says.
  [[nodiscard]] QSizeF size_mm() const;

 Q_SIGNALS:
  void measured(const QSizeF& size_mm);
  void cancelled();

 private:
  void follow();

  PageFrame frame_;
  QSizeF area_px_{1920.0, 1080.0};
  CardView* card_;
  QSlider* slider_;
  QLabel* words_;
};

}  // namespace yarbus::ui
