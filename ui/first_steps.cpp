#include "ui/first_steps.h"

#include <array>

#include "ui/source_settings.h"

namespace yarbus::ui {

namespace {

constexpr std::array<const char*, door_count> door_names{"webcam", "eye_camera", "simulated_eye"};
constexpr const char* last_door_key = "start/door";
constexpr const char* webcam_key = "start/webcam";
constexpr const char* eye_camera_key = "start/eye_camera";

std::optional<Door> last_door(const QSettings& settings) {
  const QString name = settings.value(last_door_key).toString();
  for (std::size_t i = 0; i < door_count; ++i) {
    if (name == door_names[i]) return static_cast<Door>(i);
  }
  return std::nullopt;
}

}  // namespace

FirstSteps::FirstSteps(const Window& window, QObject* parent) : QObject(parent), window_(window) {
  connect(&window_.page, &StartPage::door_chosen, this, &FirstSteps::open);
  connect(&window_.page, &StartPage::last_source_wanted, this, &FirstSteps::open_last);
  connect(&window_.commands, &EyeCommands::source_closed, this, [this] {
    opened_.reset();
    tell_page();
  });
  // What is opened in another way has its own way on.
  connect(&window_.commands, &EyeCommands::source_opened, this, [this] { opened_.reset(); });
  connect(&window_.presenter, &Presenter::sample_changed, this, &FirstSteps::follow_source);
  connect(&window_.presenter, &Presenter::health_changed, this, &FirstSteps::follow_calibration);
  tell_page();
}

void FirstSteps::tell_page() {
  window_.page.set_memory(
      {window_.settings.value(webcam_key).toString(), window_.settings.value(eye_camera_key).toString()},
      last_door(window_.settings));
  const auto last = load_closed_source(window_.settings);
  window_.page.set_last_source(last && may_still_exist(*last) ? source_label(*last) : QString());
}

void FirstSteps::remember(Door door) {
  window_.settings.setValue(last_door_key, door_names[static_cast<std::size_t>(door)]);
  if (door == Door::simulated_eye) return;
  const auto& request = window_.page.door(door).request;
  for (const CameraChoice& camera : window_.session.list_cameras()) {
    if (request && camera.path == request->location)
      window_.settings.setValue(door == Door::webcam ? webcam_key : eye_camera_key,
                                QString::fromStdString(camera.name));
  }
}

void FirstSteps::open(Door door) {
  const auto request = window_.page.door(door).request;
  if (!request) return;
  remember(door);
  tell_page();
  // One webcam sees both eyes; its place is the right one's.
  eye_ = door == Door::webcam ? EyeSide::right : window_.presenter.shown_eye();
  window_.commands.open(eye_, *request);
  opened_ = door;
}

void FirstSteps::open_last() {
  if (const auto last = load_closed_source(window_.settings))
    window_.commands.open(window_.presenter.shown_eye(), *last);
}

void FirstSteps::follow_source() {
  if (!opened_) return;
  const EyeSnapshot& now = window_.presenter.snapshot(eye_);
  if (now.source.state != PlaybackState::playing || now.latest == nullptr) return;
  const Door door = *opened_;
  opened_.reset();
  offer(door, now.source);
}

void FirstSteps::follow_calibration() {
  if (!awaits_calibration_) return;
  const CalibrationSnapshot calibration = window_.session.calibration().snapshot();
  if (calibration.phase != ProcedurePhase::done || !calibration.result ||
      calibration.result == result_before_)
    return;
  awaits_calibration_ = false;
  if (!window_.actions.gaze_overlay->isChecked()) window_.actions.gaze_overlay->trigger();
  if (!window_.actions.gaze_overlay->isChecked()) return;  // it says itself why not
  window_.messages.show_message(
      Notice::Severity::info,
      "the gaze overlay is on: the dot is where gaze is on the screen, its ring how "
      "sure that is",
      "F9 switches it off and on");
}

void FirstSteps::offer(Door door, const SourceSnapshot& source) {
  const QString name = QString::fromStdString(source.name);
  QString text;
  QString remedy;
  QString button = "Calibrate gaze on the screen";
  switch (door) {
    case Door::webcam:
      text = "the webcam is open: " + name;
      remedy = "Calibrate to see where you look on the screen";
      break;
    case Door::eye_camera:
      text = "the eye camera is open: " + name;
      remedy =
          "Bring the pupil into the picture and look around until the eye model has settled, then calibrate";
      break;
    case Door::simulated_eye:
      text = "this is a simulated eye, already giving gaze";
      remedy = "Somebody simulated can take the calibration and show gaze on the screen";
      button = "Show gaze on the screen";
      break;
  }
  window_.messages.show_offer(
      text, remedy, button, [this, door] { begin_calibration(door); }, Notice::Severity::info);
}

void FirstSteps::begin_calibration(Door door) {
  result_before_ = window_.session.calibration().snapshot().result;
  awaits_calibration_ = true;
  if (door == Door::simulated_eye) {
    window_.wizard.start_demo();
  } else {
    window_.wizard.open_setup();
  }
}

}  // namespace yarbus::ui
