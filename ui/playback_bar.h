#pragma once

#include <QComboBox>
#include <QLabel>
#include <QSlider>
#include <QTimer>
#include <QWidget>
#include <optional>

#include "app/session/session.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// Play, step, seek and speed for files and folders, with frame number and time. Hidden for live sources.
class PlaybackBar : public QWidget {
  Q_OBJECT
 public:
  explicit PlaybackBar(const WindowActions& actions, QWidget* parent = nullptr);
  void follow(const EyeSnapshot& snapshot);

 Q_SIGNALS:
  void seek_requested(std::uint64_t frame);
  void speed_chosen(double speed);

 private:
  void request(int frame);

  QSlider* slider_;
  QLabel* frame_;
  QLabel* time_;
  QComboBox* speed_;
  QTimer coalesce_;
  std::optional<std::uint64_t> wanted_;
};

/// "1:07.3".
QString clock_text(double seconds);

}  // namespace yarbus::ui
