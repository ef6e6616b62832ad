#pragma once

#include <QObject>
#include <QSettings>
#include <optional>

#include "app/session/session.h"
#include "ui/calibration/calibration_wizard.h"
#include "ui/eye_commands.h"
#include "ui/message_bar.h"
#include "ui/presenter.h"
#include "ui/start_page.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// Leads from a door of the start page to gaze on the screen: opens what the door names and remembers it,
/// offers the calibration once pictures come, and shows the gaze overlay when that calibration has succeeded.
class FirstSteps : public QObject {
  Q_OBJECT
 public:
  /// What it uses; all outlive it.
  struct Window {
    Session& session;
    Presenter& presenter;
    EyeCommands& commands;
    WindowActions& actions;
    QSettings& settings;
    MessageBar& messages;
    StartPage& page;
    CalibrationWizard& wizard;
  };
  FirstSteps(const Window& window, QObject* parent);

 private:
  void open(Door door);
  void open_last();
  void remember(Door door);
  void tell_page();
  void follow_source();
  void follow_calibration();
  void offer(Door door, const SourceSnapshot& source);
  void begin_calibration(Door door);

  Window window_;
  std::optional<Door> opened_;  ///< its offer is still to be made
  EyeSide eye_ = EyeSide::right;
  bool awaits_calibration_ = false;
  CalibrationResultPtr result_before_;  ///< in force when the offer was taken
};

}  // namespace yarbus::ui
