#pragma once

#include <QLabel>
#include <QWidget>

#include "app/session/session.h"

namespace yarbus::ui {

/// A label that shortens its text instead of widening the window; the whole text is its tooltip.
class ElidedLabel : public QLabel {
  Q_OBJECT
 public:
  explicit ElidedLabel(QWidget* parent = nullptr);
  void set_full_text(const QString& text);
  [[nodiscard]] const QString& full_text() const { return full_text_; }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void elide();
  QString full_text_;
};

/// The state in words along the bottom: source, pupil, eye model; of a simulated eye also the error.
class StatusLine : public QWidget {
  Q_OBJECT
 public:
  explicit StatusLine(QWidget* parent = nullptr);
  void follow(const EyeSnapshot& snapshot);
  /// Apart, so that it can be told less often: figures that change with every frame cannot be read.
  void follow_truth(const EyeSnapshot& snapshot);
  /// All of it as one text.
  [[nodiscard]] QString text() const;

 private:
  ElidedLabel* source_;
  ElidedLabel* tracking_;
  ElidedLabel* model_;
  ElidedLabel* truth_;
};

}  // namespace yarbus::ui
