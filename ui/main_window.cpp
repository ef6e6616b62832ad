#include "ui/main_window.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QMenuBar>
#include <QStatusBar>
#include <QTimer>
#include <QVBoxLayout>
#include <utility>

#include "ui/appearance.h"
#include "ui/first_steps.h"
#include "ui/help_pages.h"
#include "ui/icons.h"
#include "ui/mode_text.h"
#include "ui/source_settings.h"
#include "ui/start_source.h"
#include "ui/state_text.h"
#include "ui/wearer_dialogs.h"
#include "ui/window_commands.h"
#include "ui/window_menus.h"
#include "ui/window_settings.h"

namespace yarbus::ui {

namespace {

/// Rises when docks or tool bars change so much that an older saved layout no longer fits.
constexpr int layout_version = 2;
constexpr QSize main_window_size(1280, 800);

}  // namespace

MainWindow::MainWindow(Session& session, QSettings& settings, QWidget* parent)
    : QMainWindow(parent),
      session_(session),
      settings_(settings),
      desktop_palette_(QApplication::palette()),
      presenter_(session),
      commands_(session, presenter_),
      actions_(this) {
  setWindowTitle("Yarbus");
  setWindowIcon(app_icon());
  setAcceptDrops(true);
  setDockOptions(AnimatedDocks | AllowTabbedDocks | AllowNestedDocks);
  // The right column runs down the whole side, the traces along the image's bottom.
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  build_center();
  build_docks();
  build_tool_bar();
  actions_.adopt_view_action(tool_bar_->toggleViewAction(), QKeySequence("Alt+5"));
  fill_menus(
      *menuBar(), actions_,
      {scene_dock_->toggleViewAction(), traces_dock_->toggleViewAction(), model_dock_->toggleViewAction(),
       health_dock_->toggleViewAction(), simulation_dock_->toggleViewAction(), log_dock_->toggleViewAction(),
       tool_bar_->toggleViewAction()});
  status_ = new StatusLine(this);
  statusBar()->addWidget(status_, 1);
  calibration_ = new CalibrationTools(session_.calibration(), presenter_, actions_, settings_, this);
  statusBar()->addPermanentWidget(calibration_->chip());
  statusBar()->setSizeGripEnabled(false);
  recording_ = new RecordingTools(session_.recording(), presenter_, actions_, settings_, *record_,
                                  *recording_strip_, this);
  viewing_ = new ViewingTools(session_, presenter_, actions_, settings_, this);
  new ReplayTools(session_, presenter_, actions_, *timeline_);
  connect_actions();
  connect_presenter();
  new FirstSteps(
      {session_, presenter_, commands_, actions_, settings_, *message_bar_, *start_, calibration_->wizard()},
      this);
  resize(main_window_size);
  arrange_docks();
  restore_layout();
  follow_source();
  follow_model();
}

void MainWindow::build_center() {
  auto* center = new QWidget(this);
  message_bar_ = new MessageBar(actions_.dismiss_message, center);
  recording_strip_ = new RecordingStrip(center);
  center_ = new QStackedWidget(center);
  start_ = new StartPage(
      actions_, [this] { return session_.list_cameras(); }, center);
  image_ = new EyeImageView(center);
  center_->addWidget(start_);
  center_->addWidget(image_);
  playback_ = new PlaybackBar(actions_, center);
  timeline_ = new TimelinePanel(center);
  auto* column = new QVBoxLayout(center);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(message_bar_);
  column->addWidget(recording_strip_);
  column->addWidget(center_, 1);
  column->addWidget(timeline_);
  column->addWidget(playback_);
  setCentralWidget(center);
}

QDockWidget* MainWindow::add_dock(const QString& title, const QString& name, QWidget* content,
                                  Qt::DockWidgetArea area, const QKeySequence& shortcut) {
  auto* dock = new QDockWidget(title, this);
  dock->setObjectName(name);
  dock->setWidget(content);
  addDockWidget(area, dock);
  actions_.adopt_view_action(dock->toggleViewAction(), shortcut);
  return dock;
}

void MainWindow::build_docks() {
  scene_ = new EyeSceneView(this);
  traces_ = new TracePanel(settings_, this);
  model_ = new TrackingPanel(actions_, this);
  health_ = new HealthPanel(this);
  simulation_ = new SimulationPanel(commands_, actions_, this);
  log_ = new LogPanel(this);
  scene_dock_ = add_dock("3-D eye", "dock_scene", scene_, Qt::RightDockWidgetArea, QKeySequence("Alt+1"));
  traces_dock_ = add_dock("Traces", "dock_traces", traces_, Qt::BottomDockWidgetArea, QKeySequence("Alt+2"));
  model_dock_ = add_dock("Eye model", "dock_model", model_, Qt::RightDockWidgetArea, QKeySequence("Alt+3"));
  health_dock_ = add_dock("Health", "dock_health", health_, Qt::RightDockWidgetArea, QKeySequence("Alt+4"));
  simulation_dock_ = add_dock("Simulated eye", "dock_simulation", simulation_, Qt::RightDockWidgetArea,
                              QKeySequence("Alt+6"));
  log_dock_ = add_dock("Log", "dock_log", log_, Qt::BottomDockWidgetArea, QKeySequence("Alt+7"));
  log_dock_->hide();
  connect(message_bar_, &MessageBar::said, log_,
          [this](Notice::Severity severity, const QString& text, const QString& remedy) {
            log_->add(severity, text, remedy);
          });
  connect(health_dock_, &QDockWidget::visibilityChanged, this, [this](bool visible) {
    if (visible) health_->follow(presenter_.shown());
  });
}

void MainWindow::arrange_docks() {
  for (QDockWidget* dock : {scene_dock_, traces_dock_, model_dock_, health_dock_}) {
    dock->setFloating(false);
    dock->show();
  }
  simulation_dock_->setFloating(false);
  simulation_dock_->setVisible(is_simulated_);
  wants_simulation_panel_ = true;
  addDockWidget(Qt::RightDockWidgetArea, scene_dock_);
  addDockWidget(Qt::BottomDockWidgetArea, traces_dock_);
  log_dock_->setFloating(false);
  log_dock_->hide();
  tabifyDockWidget(traces_dock_, log_dock_);
  splitDockWidget(scene_dock_, model_dock_, Qt::Vertical);
  tabifyDockWidget(model_dock_, health_dock_);
  tabifyDockWidget(health_dock_, simulation_dock_);
  (is_simulated_ ? simulation_dock_ : model_dock_)->raise();
  addToolBar(Qt::TopToolBarArea, tool_bar_);
  tool_bar_->show();
  resizeDocks({scene_dock_, traces_dock_}, {430, 250}, Qt::Horizontal);
  resizeDocks({scene_dock_, model_dock_}, {400, 300}, Qt::Vertical);
  resizeDocks({traces_dock_}, {270}, Qt::Vertical);
}

void MainWindow::build_tool_bar() {
  tool_bar_ = addToolBar("Tool bar");
  tool_bar_->setObjectName("tool_bar");
  mode_ = new ModeButton(actions_, this);
  eyes_ = new EyeSelector(actions_, this);
  record_ = new RecordButton(actions_, this);
  fill_tool_bar(*tool_bar_, actions_, mode_, eyes_, record_);
}

void MainWindow::connect_actions() {
  const auto on = [this](QAction* action, auto&& command) {
    connect(action, &QAction::triggered, this, command);
  };
  connect_commands(actions_, commands_);
  on(actions_.open_source, [this] { show_source_dialog(); });
  on(actions_.open_camera, [this] { show_source_dialog(SourceDialog::camera_page); });
  on(actions_.open_file, [this] { show_source_dialog(SourceDialog::file_page); });
  on(actions_.open_folder, [this] { show_source_dialog(SourceDialog::folder_page); });
  on(actions_.open_stream, [this] { show_source_dialog(SourceDialog::stream_page); });
  on(actions_.open_simulation, [this] { show_source_dialog(SourceDialog::simulation_page); });
  on(actions_.quit, [this] { close(); });
  on(actions_.right_eye, [this] { presenter_.show_eye(EyeSide::right); });
  on(actions_.left_eye, [this] { presenter_.show_eye(EyeSide::left); });
  for (QAction* toggle : {actions_.show_pupil, actions_.show_edge_points, actions_.show_eyeball,
                          actions_.show_axis, actions_.show_truth}) {
    connect(toggle, &QAction::toggled, this, &MainWindow::use_overlay);
  }
  on(actions_.save_model, [this] {
    const EyeSide eye = presenter_.shown_eye();  // as it was when asked, whatever is shown when answered
    ask_where_to_save_model(this, settings_, eye,
                            [this, eye](const QString& path) { commands_.save_model(eye, path); });
  });
  on(actions_.load_model, [this] {
    const EyeSide eye = presenter_.shown_eye();
    ask_which_model_to_load(this, settings_,
                            [this, eye](const QString& path) { commands_.load_model(eye, path); });
  });
  connect(image_, &EyeImageView::pointed, &commands_, &EyeCommands::point_at);
  connect(image_, &EyeImageView::face_chosen, &commands_, &EyeCommands::choose_face);
  connect(image_, &EyeImageView::pointed_further, &commands_, [this](const Eigen::Vector2d& by_deg) {
    if (const auto controls = commands_.simulation()) commands_.point_at(controls->pointer_deg + by_deg);
  });
  on(actions_.reset_scene, [this] { scene_->reset_view(); });
  on(actions_.reset_layout, [this] { arrange_docks(); });
  on(actions_.full_screen, [this](bool full) { full ? showFullScreen() : showNormal(); });
  on(actions_.dismiss_message, [this] { leave_or_dismiss(); });
  for (QAction* colors : {actions_.light_system, actions_.light, actions_.dark})
    on(colors, [this] { use_appearance(); });
  on(actions_.calibrate_camera, [this] { camera_calibration().open_window(); });
  on(actions_.first_steps, [this] { make_first_steps_page(actions_, this)->show(); });
  on(actions_.shortcuts, [this] { make_shortcuts_page(actions_, this)->show(); });
  on(actions_.about, [this] { make_about_page(this)->show(); });
  connect(playback_, &PlaybackBar::seek_requested, &commands_, &EyeCommands::seek);
  connect(playback_, &PlaybackBar::speed_chosen, &commands_, &EyeCommands::set_speed);
  connect(&model_->model(), &ModelPanel::stage_chosen, &commands_, &EyeCommands::set_stage);
  keep_sources(settings_, commands_);
}

void MainWindow::connect_presenter() {
  // Direct calls in one thread: no frame ever waits in an event queue.
  connect(&presenter_, &Presenter::source_changed, this, &MainWindow::follow_source);
  connect(&presenter_, &Presenter::sample_changed, this, &MainWindow::follow_sample);
  connect(&presenter_, &Presenter::model_changed, this, &MainWindow::follow_model);
  connect(&presenter_, &Presenter::health_changed, this, [this] {
    health_->follow(presenter_.shown());
    health_->follow_both(binocular_text(presenter_.snapshot(EyeSide::right),
                                        presenter_.snapshot(EyeSide::left), session_.binocular()));
    if (is_webcam(presenter_.shown())) model_->follow(presenter_.shown());
    follow_truth();
    const int asked = session_.calibrations_asked_for();
    if (asked > std::exchange(calibrations_asked_for_, asked)) calibration_->wizard().open_setup();
  });
  connect(&presenter_, &Presenter::traces_changed, this,
          [this](bool restarted) { traces_->view().show_traces(presenter_.traces(), restarted); });
  connect(&traces_->view(), &TraceView::points_wanted, this,
          [this] { traces_->view().show_traces(presenter_.traces(), false); });
  connect(traces_, &TracePanel::said, message_bar_, &MessageBar::show_message);
  connect(&presenter_, &Presenter::other_eye_changed, this, &MainWindow::follow_other_eye);
  connect(calibration_, &CalibrationTools::said, message_bar_, &MessageBar::show_message);
  connect(recording_, &RecordingTools::said, message_bar_, &MessageBar::show_message);
  connect(
      recording_, &RecordingTools::repair_offered, this, [this](const QString& text, const QString& remedy) {
        message_bar_->show_offer(text, remedy, "Repair", [this] { recording_->repair_cut_off_sessions(); });
      });
  connect(viewing_, &ViewingTools::said, message_bar_, &MessageBar::show_message);
  connect(recording_, &RecordingTools::viewing_wanted, viewing_, &ViewingTools::open_results);
  connect(recording_, &RecordingTools::open_wanted, this,
          [this](const SourceRequest& request) { commands_.open(presenter_.shown_eye(), request); });
  connect(&presenter_, &Presenter::notice_arrived, this, [this](const Notice& notice) {
    const QString whose = notice.eye == presenter_.shown_eye() ? QString() : eye_name(notice.eye) + " eye: ";
    const QString text = whose + QString::fromStdString(notice.text);
    const QString remedy = QString::fromStdString(notice.remedy);
    if (camera_calibration_ != nullptr && camera_calibration_->isVisible()) {
      log_->add(notice.severity, text, remedy);  // that window shows them itself
    } else {
      message_bar_->show_message(notice.severity, text, remedy);
    }
  });
}

void MainWindow::begin(const WindowOptions& options) {
  presenter_.show_eye(options.eye);
  open_at_start(options, settings_, commands_, *message_bar_, actions_);
  presenter_.start();
  // Reading a large library takes a while: first the window is there.
  QTimer::singleShot(0, recording_, &RecordingTools::look_for_cut_off_sessions);
  if (options.starts_demo) {
    calibration_->wizard().start_demo(options.demo_is_webcam);
  } else if (options.opens_calibration) {
    calibration_->wizard().open_setup();
  }
}

CameraCalibrationWindow& MainWindow::camera_calibration() {
  if (camera_calibration_ == nullptr) {
    camera_calibration_ = new CameraCalibrationWindow(session_, presenter_, settings_, this);
    connect(camera_calibration_, &CameraCalibrationWindow::source_wanted, &commands_, &EyeCommands::open);
  }
  return *camera_calibration_;
}

SourceDialog* MainWindow::open_dialog() {
  const EyeSide eye = presenter_.shown_eye();
  auto* dialog = new SourceDialog(session_, eye, load_source(settings_, eye), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &SourceDialog::chosen, &commands_, &EyeCommands::open);
  return dialog;
}

void MainWindow::show_source_dialog(SourceDialog::Page page) {
  SourceDialog* dialog = open_dialog();
  dialog->show_page(page);
  dialog->show();
}

void MainWindow::show_source_dialog() { open_dialog()->show(); }

void MainWindow::follow_source() {
  const EyeSnapshot& now = presenter_.shown();
  const EyeSide eye = presenter_.shown_eye();
  const bool is_closed = now.source.state == PlaybackState::closed;
  const bool had_focus = center_->currentWidget()->isAncestorOf(QApplication::focusWidget());
  start_->set_eye(eye,
                  is_webcam(presenter_.snapshot(eye == EyeSide::right ? EyeSide::left : EyeSide::right)));
  center_->setCurrentWidget(is_closed ? static_cast<QWidget*>(start_) : image_);
  if (had_focus && !is_closed) image_->setFocus();
  image_->set_waiting_text(source_text(now.source));
  simulation_->forget_errors();
  setWindowTitle(is_closed ? QString("Yarbus") : QString::fromStdString(now.source.name) + " – Yarbus");
  actions_.follow(now, eye);
  mode_->follow(now.source);
  traces_->view().set_webcam(is_webcam(now));
  follow_simulation();
  follow_sample();
  follow_model();
  follow_truth();
}

void MainWindow::follow_simulation() {
  const bool is_simulated = presenter_.shown().simulation.has_value();
  simulation_dock_->toggleViewAction()->setEnabled(is_simulated);
  if (is_simulated == is_simulated_) return;
  is_simulated_ = is_simulated;
  if (!is_simulated) {
    wants_simulation_panel_ = !simulation_dock_->isHidden();
    simulation_dock_->hide();
  } else if (wants_simulation_panel_) {
    simulation_dock_->show();
    simulation_dock_->raise();
  }
}

void MainWindow::follow_truth() {
  simulation_->show_errors(presenter_.shown());
  status_->follow_truth(presenter_.shown());
}

void MainWindow::follow_sample() {
  const EyeSnapshot& now = presenter_.shown();
  image_->show_sample(now.latest);
  scene_->show_sample(now.latest);
  playback_->follow(now);
  status_->follow(now);
  model_->show_sample(now);
  image_->set_choosing_face(is_webcam(now) && now.faces_seen > 1);
  is_webcam(now) ? eyes_->follow_webcam(now) : eyes_->follow(presenter_.shown_eye(), now);
  simulation_->follow();
  simulation_->add_errors(now);
  const auto controls = commands_.simulation();
  using Pointing = EyeImageView::Pointing;
  image_->set_pointing(!controls                                             ? Pointing::off
                       : controls->motion == SimulatedMotion::follow_pointer ? Pointing::moved
                       : controls->motion == SimulatedMotion::still          ? Pointing::pressed
                                                                             : Pointing::off);
}

void MainWindow::follow_model() {
  const EyeSnapshot& now = presenter_.shown();
  scene_->show_model(now.model.model);
  scene_->set_waiting_text(scene_waiting_text(now));
  model_->follow(now);
  if (model_dock_->windowTitle() != model_->title()) model_dock_->setWindowTitle(model_->title());
  status_->follow(now);
  actions_.follow(now, presenter_.shown_eye());
}

void MainWindow::follow_other_eye() {
  const EyeSide shown = presenter_.shown_eye();
  const EyeSide other = shown == EyeSide::right ? EyeSide::left : EyeSide::right;
  if (is_webcam(presenter_.shown())) return;  // it says how both are
  if (is_webcam(presenter_.snapshot(other))) {
    eyes_->follow_webcam(presenter_.snapshot(other));
  } else {
    eyes_->follow(other, presenter_.snapshot(other));
  }
}

void MainWindow::use_overlay() {
  OverlayOptions options = image_->overlay();
  options.pupil_outline = actions_.show_pupil->isChecked();
  options.edge_points = actions_.show_edge_points->isChecked();
  options.eyeball = actions_.show_eyeball->isChecked();
  options.optical_axis = actions_.show_axis->isChecked();
  options.true_outline = actions_.show_truth->isChecked();
  image_->set_overlay(options);
  model_->set_overlay(options);
}

void MainWindow::use_appearance() { apply_appearance(chosen_appearance(actions_), desktop_palette_); }

void MainWindow::leave_or_dismiss() {
  if (message_bar_->waiting() > 0) {
    message_bar_->dismiss();
  } else if (isFullScreen()) {
    actions_.full_screen->trigger();
  }
}

void MainWindow::restore_layout() {
  restoreGeometry(settings_.value("window/geometry").toByteArray());
  restoreState(settings_.value("window/state").toByteArray(), layout_version);
  actions_.full_screen->setChecked(isFullScreen());
  restore_choices(settings_, actions_);
  use_overlay();
  wants_simulation_panel_ = settings_.value("window/simulation_panel", true).toBool();
  simulation_dock_->hide();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  settings_.setValue("window/geometry", saveGeometry());
  settings_.setValue("window/state", saveState(layout_version));
  save_choices(settings_, actions_);
  settings_.setValue("window/simulation_panel",
                     is_simulated_ ? !simulation_dock_->isHidden() : wants_simulation_panel_);
  QMainWindow::closeEvent(event);
}

bool MainWindow::event(QEvent* event) {
  // Space plays and pauses, but a focused button, list or slider keeps it for itself.
  if (event->type() == QEvent::ShortcutOverride) {
    auto* key = static_cast<QKeyEvent*>(event);
    const QWidget* focus = focusWidget();
    const bool takes_space = qobject_cast<const QAbstractButton*>(focus) != nullptr ||
                             qobject_cast<const QComboBox*>(focus) != nullptr;
    if (key->key() == Qt::Key_Space && key->modifiers() == Qt::NoModifier && takes_space) {
      key->accept();
      return true;
    }
  }
  return QMainWindow::event(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (source_from_drop(*event->mimeData())) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  const auto request = source_from_drop(*event->mimeData());
  if (!request) return;
  event->acceptProposedAction();
  commands_.open(presenter_.shown_eye(), *request);
}

}  // namespace yarbus::ui
