#pragma once

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QTimer>
#include <QWidget>
#include <array>
#include <functional>
#include <optional>

#include "ui/door_button.h"
#include "ui/start_doors.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// What the window shows in place of the image while no source is open: three doors (keys 1, 2, 3), and below
/// them more ways to open something. Looks for cameras while it is seen, so that one that is plugged in is
/// there at once.
class StartPage : public QWidget {
  Q_OBJECT
 public:
  using ListCameras = std::function<std::vector<CameraChoice>()>;
  StartPage(const WindowActions& actions, ListCameras list_cameras, QWidget* parent = nullptr);

  /// `is_seen_by_webcam`: the webcam in the other eye's place sees this one too.
  void set_eye(EyeSide eye, bool is_seen_by_webcam = false);
  /// Which cameras and which door were taken last.
  void set_memory(const DoorMemory& memory, std::optional<Door> last);
  /// What was open last, in words; empty: nothing to open again.
  void set_last_source(const QString& name);
  /// Looks for cameras now.
  void look();
  /// Gives the focus to the door to begin with, so that Enter is enough.
  void focus_door();
  [[nodiscard]] const DoorState& door(Door which) const { return doors_[static_cast<std::size_t>(which)]; }

  static constexpr int look_interval_ms = 2000;

 Q_SIGNALS:
  void door_chosen(yarbus::ui::Door door);
  void last_source_wanted();

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  QWidget* make_doors();
  QWidget* make_more_ways(const WindowActions& actions);
  void choose(Door door);

  ListCameras list_cameras_;
  DoorMemory memory_;
  std::optional<Door> last_;
  std::array<DoorState, door_count> doors_;
  std::array<DoorButton*, door_count> buttons_{};
  std::array<QShortcut*, door_count> keys_{};
  QLabel* title_;
  QLabel* note_;        ///< about this eye
  QLabel* permission_;  ///< what to do about cameras that may not be used
  QPushButton* again_;
  QTimer looking_;
};

}  // namespace yarbus::ui
