#include "ui/start_source.h"

#include <algorithm>

#include "ui/simulation_page.h"
#include "ui/source_form.h"
#include "ui/source_settings.h"

namespace yarbus::ui {

namespace {

QString keys(const QAction* action) { return action->shortcut().toString(QKeySequence::NativeText); }

/// Whether there was something to open.
bool reopen_last(EyeSide eye, QSettings& settings, EyeCommands& commands, MessageBar& messages,
                 const WindowActions& actions) {
  const auto last = load_source(settings, eye);
  if (!last) return false;
  if (may_still_exist(*last)) {
    commands.open(eye, *last);
    return true;
  }
  messages.show_message(Notice::Severity::warning,
                        "the last source of the " + QString(to_string(eye)) +
                            " eye is no longer there: " + QString::fromStdString(last->location),
                        "Open another one with " + keys(actions.open_source));
  return false;
}

void open_simulated_eye_without_camera(EyeSide eye, Session& session, EyeCommands& commands,
                                       MessageBar& messages, const WindowActions& actions) {
  const auto cameras = session.list_cameras();
  if (std::any_of(cameras.begin(), cameras.end(), [](const CameraChoice& c) { return c.is_readable; }))
    return;
  const auto scenarios = session.list_scenarios();
  if (std::none_of(scenarios.begin(), scenarios.end(),
                   [](const ScenarioChoice& scenario) { return scenario.name == first_scenario; }))
    return;
  SourceRequest request;
  request.kind = SourceRequest::Kind::simulated_eye;
  request.location = first_scenario;
  commands.open_for_now(eye, request);
  if (cameras.empty()) {
    messages.show_message(Notice::Severity::info, "No camera was found: this is a simulated eye",
                          "Plug in an eye camera and press " + keys(actions.open_camera) +
                              ", or open a recording with " + keys(actions.open_file));
  } else {
    messages.show_message(Notice::Severity::info, "No camera may be used: this is a simulated eye",
                          permission_remedy());
  }
}

}  // namespace

void open_at_start(const WindowOptions& options, Session& session, QSettings& settings, EyeCommands& commands,
                   MessageBar& messages, const WindowActions& actions) {
  if (options.open_at_start) {
    SourceRequest request = *options.open_at_start;
    // Whoever names a source but no mode has it recognised; a simulation knows its own.
    if (request.kind != SourceRequest::Kind::simulated_eye && request.mode == TrackingMode::near_eye)
      request.mode = TrackingMode::automatic;
    commands.open(options.eye, request);
    return;
  }
  const bool left = reopen_last(EyeSide::left, settings, commands, messages, actions);
  const bool right = reopen_last(EyeSide::right, settings, commands, messages, actions);
  if (!left && !right) open_simulated_eye_without_camera(options.eye, session, commands, messages, actions);
}

}  // namespace yarbus::ui
