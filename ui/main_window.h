#pragma once

#include <QMainWindow>
#include <QPalette>
#include <QSettings>
#include <QStackedWidget>

#include "app/session/session.h"
#include "ui/calibration/calibration_tools.h"
#include "ui/camera_calibration/camera_calibration_window.h"
#include "ui/eye_commands.h"
#include "ui/eye_image_view.h"
#include "ui/eye_scene_view.h"
#include "ui/eye_selector.h"
#include "ui/health_panel.h"
#include "ui/log_panel.h"
#include "ui/main_window_app.h"
#include "ui/message_bar.h"
#include "ui/mode_button.h"
#include "ui/playback_bar.h"
#include "ui/presenter.h"
#include "ui/recording/recording_tools.h"
#include "ui/recording/replay_tools.h"
#include "ui/simulation_panel.h"
#include "ui/source_dialog.h"
#include "ui/start_page.h"
#include "ui/status_line.h"
#include "ui/trace_panel.h"
#include "ui/tracking_panel.h"
#include "ui/viewing/viewing_tools.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// The one window: puts the views together, connects actions to commands and the presenter to the views, and
/// remembers sources and layout. Session and settings must outlive it.
class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  MainWindow(Session& session, QSettings& settings, QWidget* parent = nullptr);

  /// Opens what was asked for, else what was open last, else nothing, and the start page asks; says in words
  /// what has gone. Starts pulling the session's state.
  void begin(const WindowOptions& options);
  void show_source_dialog(SourceDialog::Page page);
  /// The page the person is most likely to want: that of the last source.
  void show_source_dialog();
  /// Made when it is asked for first.
  CameraCalibrationWindow& camera_calibration();

  [[nodiscard]] Presenter& presenter() { return presenter_; }
  [[nodiscard]] WindowActions& actions() { return actions_; }
  [[nodiscard]] MessageBar& message_bar() { return *message_bar_; }
  [[nodiscard]] CalibrationTools& calibration() { return *calibration_; }
  [[nodiscard]] RecordingTools& recording() { return *recording_; }
  [[nodiscard]] ViewingTools& viewing() { return *viewing_; }

 protected:
  bool event(QEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void build_center();
  void build_docks();
  void build_tool_bar();
  void connect_actions();
  void connect_presenter();
  QDockWidget* add_dock(const QString& title, const QString& name, QWidget* content, Qt::DockWidgetArea area,
                        const QKeySequence& shortcut);
  void arrange_docks();
  void restore_layout();
  void follow_source();
  void follow_sample();
  void follow_model();
  void follow_simulation();
  void follow_truth();
  void follow_other_eye();
  void use_overlay();
  void use_appearance();
  void leave_or_dismiss();
  SourceDialog* open_dialog();

  Session& session_;
  QSettings& settings_;
  QPalette desktop_palette_;
  Presenter presenter_;
  EyeCommands commands_;
  WindowActions actions_;
  MessageBar* message_bar_ = nullptr;
  RecordingStrip* recording_strip_ = nullptr;
  QStackedWidget* center_ = nullptr;
  StartPage* start_ = nullptr;
  EyeImageView* image_ = nullptr;
  PlaybackBar* playback_ = nullptr;
  TimelinePanel* timeline_ = nullptr;
  EyeSceneView* scene_ = nullptr;
  TracePanel* traces_ = nullptr;
  TrackingPanel* model_ = nullptr;
  HealthPanel* health_ = nullptr;
  LogPanel* log_ = nullptr;
  SimulationPanel* simulation_ = nullptr;
  ModeButton* mode_ = nullptr;
  RecordButton* record_ = nullptr;
  EyeSelector* eyes_ = nullptr;
  StatusLine* status_ = nullptr;
  CalibrationTools* calibration_ = nullptr;
  RecordingTools* recording_ = nullptr;
  ViewingTools* viewing_ = nullptr;
  int calibrations_asked_for_ = 0;  ///< by other programs, so far
  CameraCalibrationWindow* camera_calibration_ = nullptr;
  QDockWidget* scene_dock_ = nullptr;
  QDockWidget* traces_dock_ = nullptr;
  QDockWidget* model_dock_ = nullptr;
  QDockWidget* health_dock_ = nullptr;
  QDockWidget* log_dock_ = nullptr;
  QDockWidget* simulation_dock_ = nullptr;
  QToolBar* tool_bar_ = nullptr;
  bool is_simulated_ = false;           ///< the eye shown is a simulated one
  bool wants_simulation_panel_ = true;  ///< when it is; while it is, the dock itself knows
};

}  // namespace yarbus::ui
