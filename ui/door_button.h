#pragma once

#include <QLabel>
#include <QPushButton>

#include "ui/start_doors.h"

namespace yarbus::ui {

/// A large button of the start page: a picture, a title with its key, a line about it, and what it opens.
class DoorButton : public QPushButton {
  Q_OBJECT
 public:
  /// `key`: what else presses it, as "1".
  DoorButton(const QString& icon, const QString& key, QWidget* parent = nullptr);

  void follow(const DoorState& door);

  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;
  [[nodiscard]] bool hasHeightForWidth() const override { return true; }
  [[nodiscard]] int heightForWidth(int width) const override;

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void draw_icon();

  QString key_;
  QIcon picture_;
  QLabel* icon_;
  QLabel* title_;
  QLabel* line_;
  QLabel* opens_;
};

}  // namespace yarbus::ui
