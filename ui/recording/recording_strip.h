#pragma once

#include <QFrame>
#include <QLabel>
#include <QTimer>

#include "app/session/recording_control.h"

namespace yarbus::ui {

/// Says above the image, while a recording runs, what is recorded, what is lost of it, what to look out for,
/// and for some seconds the moment that was marked. Hidden otherwise.
class RecordingStrip : public QFrame {
  Q_OBJECT
 public:
  explicit RecordingStrip(QWidget* parent = nullptr);
  void follow(const RecordingView& view);
  /// "“mark 1” at 0:12", for a while.
  void show_mark(const QString& label, std::chrono::nanoseconds at);
  [[nodiscard]] QString text() const;

 private:
  QLabel* state_;
  QLabel* mark_;
  QLabel* gaps_;
  QLabel* warning_;
  QTimer mark_shown_;
};

}  // namespace yarbus::ui
