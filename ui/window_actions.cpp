#include "ui/window_actions.h"

#include <QWidget>

#include "ui/icons.h"
#include "ui/mode_text.h"
#include "ui/state_text.h"

namespace yarbus::ui {

QString plain_text(const QAction& action) {
  QString text = action.text();
  return text.remove('&').remove("…");
}

namespace {
/// The tooltip without its shortcut.
QString tip_of(const QAction& action) {
  const QString keys = action.shortcut().toString(QKeySequence::NativeText);
  QString tip = action.toolTip();
  return tip.remove(" (" + keys + ')');
}
}  // namespace

void set_tooltip(QAction& action, const QString& tip) {
  const QString keys = action.shortcut().toString(QKeySequence::NativeText);
  action.setToolTip(keys.isEmpty() ? tip : QString("%1 (%2)").arg(tip, keys));
  action.setStatusTip({});
}

QAction* WindowActions::add(const QString& text, const QKeySequence& shortcut, const QString& icon,
                            const QString& tip) {
  auto* action = new QAction(text, owner_);
  action->setShortcut(shortcut);
  action->setShortcutContext(Qt::WindowShortcut);
  if (!icon.isEmpty()) action->setIcon(tool_icon(icon));
  set_tooltip(*action, tip.isEmpty() ? plain_text(*action) : tip);
  owner_->addAction(action);
  groups_.last().actions << action;
  return action;
}

QAction* WindowActions::add_toggle(const QString& text, const QKeySequence& shortcut, const QString& icon,
                                   const QString& tip, bool on) {
  QAction* action = add(text, shortcut, icon, tip);
  action->setCheckable(true);
  action->setChecked(on);
  return action;
}

WindowActions::WindowActions(QWidget* owner)
    : owner_(owner),
      eye_group_(new QActionGroup(owner)),
      mode_group_(new QActionGroup(owner)),
      stage_group_(new QActionGroup(owner)),
      filter_group_(new QActionGroup(owner)),
      appearance_group_(new QActionGroup(owner)),
      play_icon_(tool_icon("play")),
      pause_icon_(tool_icon("pause")) {
  groups_ << Group{"Source", {}};
  open_source = add("&Open source…", QKeySequence("Ctrl+O"), "source",
                    "Open a camera, file, folder, stream or simulated eye");
  open_camera = add("Open &camera…", QKeySequence("Ctrl+Shift+C"), "camera");
  open_file = add("Open &file…", QKeySequence("Ctrl+Shift+O"), "file");
  open_folder = add("Open fol&der…", QKeySequence("Ctrl+Shift+D"), "folder");
  open_stream = add("Open &stream…", QKeySequence("Ctrl+Shift+U"), "stream");
  open_simulation = add("Open simulated &eye…", QKeySequence("Ctrl+Shift+E"), "simulation");
  use_webcam = add_toggle("&Webcam (face)", QKeySequence("Ctrl+Shift+W"), {},
                          "The camera looks at a face: gaze from both irises", false);
  use_eye_camera = add_toggle("Eye camera (&pupil)", QKeySequence("Ctrl+Shift+P"), {},
                              "The camera looks at one eye close up: gaze from the pupil", false);
  recognise = add("Recognise a&gain", QKeySequence("Ctrl+Shift+G"), {},
                  "Look at the first images again and choose by what they show");
  for (QAction* mode : {use_webcam, use_eye_camera}) mode_group_->addAction(mode);
  close_source = add("Close so&urce", QKeySequence("Ctrl+W"), "close", "Close the source of the eye shown");
  quit = add("&Quit", QKeySequence("Ctrl+Q"));

  groups_ << Group{"Playback", {}};
  play = add("&Play", QKeySequence("Space"), "play");
  step_back = add("Step &back", QKeySequence(","), "step-back", "Pause and go one frame back");
  step_forward = add("Step &forward", QKeySequence("."), "step-forward", "Pause and go one frame forward");
  to_start = add("To the &start", QKeySequence("Ctrl+Home"), "start");
  slower = add("S&lower", QKeySequence("["), "slower");
  faster = add("F&aster", QKeySequence("]"), "faster");
  trim_in = add("Mark &in", QKeySequence("I"), {}, "Of a recorded session: play from this moment on");
  trim_out = add("Mark &out", QKeySequence("O"), {}, "Of a recorded session: play up to this moment");
  trim_clear = add("&Clear in and out", QKeySequence("X"), {}, "Play the whole session again");

  groups_ << Group{"Eye", {}};
  right_eye = add_toggle("&Right eye", QKeySequence("F2"), {}, "Show the right eye", true);
  left_eye = add_toggle("&Left eye", QKeySequence("F3"), {}, "Show the left eye", false);
  eye_group_->addAction(right_eye);
  eye_group_->addAction(left_eye);

  groups_ << Group{"Overlay", {}};
  show_pupil = add_toggle("&Pupil outline", QKeySequence("P"), "outline",
                          "Pupil outline: found (solid) and by the model (dashed)", true);
  show_edge_points =
      add_toggle("&Edge points", QKeySequence("E"), "edge-points", "Edge points the outline rests on", false);
  show_eyeball = add_toggle("Eye&ball", QKeySequence("B"), "eyeball", "Outline of the eyeball", true);
  show_axis = add_toggle("Optical &axis", QKeySequence("A"), "axis", "Optical axis of the eye", true);
  show_truth = add_toggle("&True outline", QKeySequence("T"), "truth",
                          "Of a simulated eye: the pupil's true outline (dotted) and the true axis", false);

  groups_ << Group{"Eye model", {}};
  const std::array<FitStage, 5> all{FitStage::unprojection, FitStage::unoptimised, FitStage::contrast,
                                    FitStage::edge, FitStage::refraction};
  for (std::size_t i = 0; i < all.size(); ++i) {
    stages[i] = add_toggle("Stage " + stage_name(all[i]), QKeySequence(QString("Ctrl+%1").arg(i + 1)), {}, {},
                           all[i] == FitStage::refraction);
    stages[i]->setData(static_cast<int>(all[i]));
    stage_group_->addAction(stages[i]);
  }
  refit = add("&Refit", QKeySequence("Ctrl+R"), "refit", "Fit the eye model again to the views kept");
  freeze =
      add_toggle("&Freeze", QKeySequence("Ctrl+F"), "freeze", "Freeze the eye model: no more refits", false);
  reset_model =
      add("Re&set", QKeySequence("Ctrl+Shift+R"), "reset", "Forget the eye model and its views, start again");
  save_model = add("&Save eye model for this wearer…", QKeySequence("Ctrl+S"), {},
                   "Keep the eye model (stage 5) in a file for the wearer's next sitting");
  load_model = add("&Load eye model of a wearer…", QKeySequence("Ctrl+L"), {},
                   "Start the eye model from a file saved for this wearer");

  add_calibration();
  add_recording();

  groups_ << Group{"Simulated eye", {}};
  blink = add("Blin&k", QKeySequence("K"), "blink", "The simulated eye blinks");
  reset_simulation = add("Back to the scenario's &own", QKeySequence("Ctrl+Shift+K"), "home",
                         "Set the simulated eye's motion and sliders as the scenario has them");

  groups_ << Group{"View", {}};
  reset_scene = add("&Home view of the 3-D eye", QKeySequence("Ctrl+0"), "home");
  full_screen = add_toggle("&Full screen", QKeySequence("F11"), {}, {}, false);
  reset_layout = add("Reset &layout", QKeySequence("Ctrl+Shift+L"));
  dismiss_message = add("&Dismiss message", QKeySequence("Esc"));
  light_system =
      add_toggle("As the &desktop", QKeySequence("Ctrl+Alt+1"), {}, "Colours as the desktop has them", true);
  light = add_toggle("&Light", QKeySequence("Ctrl+Alt+2"), {}, "Light colours", false);
  dark = add_toggle("Dar&k", QKeySequence("Ctrl+Alt+3"), {}, "Dark colours", false);
  for (QAction* action : {light_system, light, dark}) appearance_group_->addAction(action);

  groups_ << Group{"Help", {}};
  first_steps = add("&First steps", QKeySequence("Ctrl+F1"), {}, "From a camera to gaze on the screen");
  shortcuts = add("Keyboard &shortcuts", QKeySequence("F1"));
  about = add("&About Yarbus", QKeySequence("Shift+F1"));
}

void WindowActions::add_calibration() {
  groups_ << Group{"Calibration", {}};
  calibrate = add("&Calibrate gaze…", QKeySequence("Ctrl+K"), "calibrate",
                  "Calibrate gaze on the screen: look at a few targets");
  calibrate_camera = add("Cal&ibrate camera…", QKeySequence("Ctrl+Shift+I"), {},
                         "Measure the eye camera's focal length and lens with a printed board");
  check_point = add("Check with &one point", QKeySequence("F7"), {},
                    "Shows one point and says how far gaze is off there");
  recentre =
      add("&Recentre", QKeySequence("F8"), {}, "Shows one point and takes away the offset found there");
  recentre_at_mouse = add("Recentre at the &mouse pointer", QKeySequence("Shift+F8"), {},
                          "Look at the mouse pointer and press: takes away the offset at once");
  undo_recentre = add("&Undo recentre", QKeySequence("Ctrl+F8"), {}, "Takes the last recentre back");
  calibrate_region =
      add("Recalibrate a re&gion…", QKeySequence("Ctrl+Shift+A"), {}, "Calibrate a part of the screen again");
  show_calibration = add("Calibration in &force…", QKeySequence("Ctrl+I"), {},
                         "Verdict, figures, mappers and export of the calibration in force");
  saved_calibrations = add("&Saved calibrations…", QKeySequence("Ctrl+Shift+S"), {},
                           "Use, compare, delete or export a saved calibration");
  gaze_overlay = add_toggle("Gaze o&verlay", QKeySequence("F9"), "gaze-overlay",
                            "Gaze above all windows; the ring is the stated uncertainty", false);
  use_clicks = add_toggle(
      "Recentre by my &clicks", QKeySequence("Ctrl+F9"), {},
      "People look where they click: three clicks in Yarbus's windows that agree take an offset away", false);
  const std::array<const char*, 3> names{"&No filter", "One-&Euro filter", "&Fixation filter"};
  const std::array<const char*, 3> tips{"Gaze as measured in each frame, without delay",
                                        "Smooth while the eye rests, quick while it moves",
                                        "Holds still during a fixation, jumps with a saccade"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    filters[i] = add_toggle(names[i], QKeySequence(QString("Ctrl+Alt+%1").arg(i + 4)), {}, tips[i],
                            static_cast<GazeFilter>(i) == GazeFilter::one_euro);
    filters[i]->setData(static_cast<int>(i));
    filter_group_->addAction(filters[i]);
  }
  calibration_demo = add("&Demo with a simulated participant…", QKeySequence("Ctrl+Shift+M"), {},
                         "The whole calibration without a camera: simulated eyes look at the targets");
}

void WindowActions::add_recording() {
  groups_ << Group{"Recording", {}};
  record =
      add("&Record…", QKeySequence("R"), "record", "Record a session of what is open, or stop recording");
  record_at_once = add("Record at &once", QKeySequence("Shift+R"), {},
                       "Start recording without asking, with the last choices and under date and time");
  for (std::size_t i = 0; i < marks.size(); ++i)
    marks[i] = add(QString("&%1  Mark: mark %1").arg(i + 1), QKeySequence(QString::number(i + 1)), {},
                   "Mark this moment of the recording");
  note = add("&Note…", QKeySequence("N"), {}, "Type a note for this moment of the recording");
  mark_labels = add("&Labels of the marks…", QKeySequence("Ctrl+M"), {}, "Choose what the keys 1 to 9 mark");
  sessions =
      add("S&essions…", QKeySequence("Ctrl+H"), "sessions", "Recorded sessions: open, repair or delete them");
  viewing = add("&Viewing session…", QKeySequence("Ctrl+Shift+V"), {},
                "Show a picture with one task after the other, and see how it was looked at for each");
}

void WindowActions::adopt_view_action(QAction* action, const QKeySequence& shortcut) {
  action->setShortcut(shortcut);
  owner_->addAction(action);
  set_tooltip(*action, "Show or hide: " + plain_text(*action));
  for (Group& group : groups_) {
    if (group.title == "View") group.actions << action;
  }
}

void WindowActions::follow(const EyeSnapshot& snapshot, EyeSide shown_eye) {
  const SourceSnapshot& source = snapshot.source;
  const bool is_open = source.state != PlaybackState::closed;
  const bool is_running =
      is_open && source.state != PlaybackState::failed && source.state != PlaybackState::opening;
  const bool can_play = is_running && !source.is_live;
  const bool is_playing = source.state == PlaybackState::playing;
  close_source->setEnabled(is_open);
  for (QAction* action : {play, slower, faster}) action->setEnabled(can_play);
  for (QAction* action : {step_back, step_forward, to_start})
    action->setEnabled(can_play && source.is_seekable);
  const QString text = is_playing ? "&Pause" : "&Play";
  if (play->text() != text) {
    play->setText(text);
    play->setIcon(is_playing ? pause_icon_ : play_icon_);
    set_tooltip(*play, plain_text(*play));
  }
  const bool has_model = is_running && !is_webcam(snapshot);
  for (QAction* action : {refit, freeze, reset_model, load_model}) action->setEnabled(has_model);
  const EyeModelPtr& model = snapshot.model.model;
  save_model->setEnabled(has_model && model && model->stage == FitStage::refraction);
  for (QAction* action : stages) {
    action->setEnabled(has_model);
    if (action->data().toInt() == static_cast<int>(snapshot.model.stage)) action->setChecked(true);
  }
  follow_mode(snapshot, is_running);
  freeze->setChecked(snapshot.model.is_frozen);
  for (QAction* action : {blink, reset_simulation}) action->setEnabled(snapshot.simulation.has_value());
  const bool is_simulated_face =
      source.request.kind == SourceRequest::Kind::simulated_eye && is_webcam(snapshot);
  show_truth->setEnabled(snapshot.simulation.has_value() || is_simulated_face);
  (shown_eye == EyeSide::right ? right_eye : left_eye)->setChecked(true);
}

QList<QAction*> WindowActions::of_eye_model() const {
  QList<QAction*> all{refit, freeze, reset_model, save_model, load_model};
  all.append({stages.begin(), stages.end()});
  return all;
}

void WindowActions::follow_mode(const EyeSnapshot& snapshot, bool is_running) {
  const bool sees_face = is_webcam(snapshot);
  // A simulation is what it is.
  const bool can_choose = is_running && snapshot.source.request.kind != SourceRequest::Kind::simulated_eye;
  for (QAction* action : {use_webcam, use_eye_camera, recognise}) action->setEnabled(can_choose);
  mode_group_->setExclusive(is_running);  // without a source neither is checked
  use_webcam->setChecked(is_running && sees_face);
  use_eye_camera->setChecked(is_running && !sees_face);
  if (is_webcam_ == sees_face) return;
  is_webcam_ = sees_face;
  for (QAction* action : of_eye_model()) {
    if (!own_tips_.contains(action)) own_tips_[action] = tip_of(*action);
    set_tooltip(*action, sees_face ? only_for_eye_cameras() : own_tips_[action]);
  }
  const auto say = [](QAction* action, const QString& text, const QString& tip) {
    action->setText(text);
    set_tooltip(*action, tip);
  };
  if (sees_face) {
    say(show_pupil, "Iris &outlines", "Outlines of both irises");
    say(show_edge_points, "&Edge points", "Edge points that the irises' outlines rest on");
    say(show_eyeball, "&Face, eye corners and lids", "The face's square, the eyes' corners and lids");
    say(show_axis, "Eye and head &axes", "Axes of both eyes and of the head");
  } else {
    say(show_pupil, "&Pupil outline", "Pupil outline: found (solid) and by the model (dashed)");
    say(show_edge_points, "&Edge points", "Edge points the outline rests on");
    say(show_eyeball, "Eye&ball", "Outline of the eyeball");
    say(show_axis, "Optical &axis", "Optical axis of the eye");
  }
}

}  // namespace yarbus::ui
