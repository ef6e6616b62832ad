#include "ui/window_menus.h"

#include <QToolButton>

namespace yarbus::ui {

void fill_menus(QMenuBar& bar, const WindowActions& actions, const QList<QAction*>& panels) {
  QMenu* source = bar.addMenu("&Source");
  source->addActions({actions.open_source, actions.open_camera, actions.open_file, actions.open_folder,
                      actions.open_stream, actions.open_simulation});
  source->addSeparator();
  source->addActions({actions.use_webcam, actions.use_eye_camera, actions.recognise});
  source->addSeparator();
  source->addActions({actions.sessions, actions.close_source});
  source->addSeparator();
  source->addActions({actions.quit});
  QMenu* playback = bar.addMenu("&Playback");
  playback->addActions({actions.play, actions.step_back, actions.step_forward, actions.to_start});
  playback->addSeparator();
  playback->addActions({actions.slower, actions.faster});
  playback->addSeparator();
  playback->addActions({actions.trim_in, actions.trim_out, actions.trim_clear});
  QMenu* model = bar.addMenu("Eye &model");
  model->addActions({actions.stages.begin(), actions.stages.end()});
  model->addSeparator();
  model->addActions({actions.refit, actions.freeze, actions.reset_model});
  model->addSeparator();
  model->addActions({actions.save_model, actions.load_model});
  QMenu* calibration = bar.addMenu("&Calibration");
  calibration->addActions({actions.calibrate});
  calibration->addSeparator();
  calibration->addActions(
      {actions.check_point, actions.recentre, actions.recentre_at_mouse, actions.undo_recentre});
  calibration->addSeparator();
  calibration->addActions({actions.calibrate_region, actions.show_calibration, actions.saved_calibrations});
  calibration->addSeparator();
  calibration->addActions({actions.gaze_overlay, actions.use_clicks});
  QMenu* filter = calibration->addMenu("Gaze &filter");
  filter->addActions({actions.filters.begin(), actions.filters.end()});
  calibration->addSeparator();
  calibration->addActions({actions.calibrate_camera});
  calibration->addSeparator();
  calibration->addActions({actions.calibration_demo});
  QMenu* recording = bar.addMenu("&Recording");
  recording->addActions({actions.record, actions.record_at_once});
  recording->addSeparator();
  recording->addActions({actions.marks.begin(), actions.marks.end()});
  recording->addActions({actions.note, actions.mark_labels});
  recording->addSeparator();
  recording->addActions({actions.viewing});
  recording->addSeparator();
  recording->addActions({actions.sessions});
  QMenu* simulation = bar.addMenu("S&imulated eye");
  simulation->addActions({actions.blink, actions.reset_simulation});
  QMenu* view = bar.addMenu("&View");
  view->addActions({actions.right_eye, actions.left_eye});
  view->addSeparator();
  view->addActions({actions.show_pupil, actions.show_edge_points, actions.show_eyeball, actions.show_axis,
                    actions.show_truth});
  view->addSeparator();
  view->addActions(panels);
  view->addSeparator();
  QMenu* colors = view->addMenu("&Colours");
  colors->addActions({actions.light_system, actions.light, actions.dark});
  view->addActions({actions.reset_scene, actions.reset_layout, actions.full_screen, actions.dismiss_message});
  QMenu* help = bar.addMenu("&Help");
  help->addActions({actions.first_steps, actions.shortcuts, actions.about});
}

void fill_tool_bar(QToolBar& bar, const WindowActions& actions, QWidget* mode, QWidget* eyes,
                   QWidget* record) {
  bar.setMovable(false);
  bar.setIconSize(QSize(22, 22));
  bar.addAction(actions.open_source);
  bar.addWidget(mode);
  bar.addSeparator();
  bar.addWidget(eyes);
  bar.addSeparator();
  bar.addWidget(record);
  bar.addSeparator();
  for (QAction* action : {actions.step_back, actions.play, actions.step_forward}) bar.addAction(action);
  bar.addSeparator();
  for (QAction* action :
       {actions.show_pupil, actions.show_edge_points, actions.show_eyeball, actions.show_axis}) {
    bar.addAction(action);
  }
  bar.addSeparator();
  for (QAction* action : {actions.refit, actions.freeze, actions.reset_model}) bar.addAction(action);
  bar.addSeparator();
  for (QAction* action : {actions.calibrate, actions.gaze_overlay}) bar.addAction(action);
  for (QAction* worded : {actions.open_source, actions.calibrate}) {
    if (auto* button = qobject_cast<QToolButton*>(bar.widgetForAction(worded)))
      button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  }
  for (QAction* action : bar.actions()) {
    auto* button = qobject_cast<QToolButton*>(bar.widgetForAction(action));
    if (button == nullptr) continue;
    button->setFocusPolicy(Qt::TabFocus);
    const auto name = [button, action] { button->setAccessibleName(plain_text(*action)); };
    QObject::connect(action, &QAction::changed, button, name);
    name();
  }
}

}  // namespace yarbus::ui
