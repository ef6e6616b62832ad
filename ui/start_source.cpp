#include "ui/start_source.h"

#include "ui/source_settings.h"

namespace yarbus::ui {

namespace {

void reopen_last(EyeSide eye, QSettings& settings, EyeCommands& commands, MessageBar& messages,
                 const WindowActions& actions) {
  const auto last = load_source(settings, eye);
  if (!last) return;
  if (may_still_exist(*last)) {
    commands.open(eye, *last);
    return;
  }
  messages.show_message(
      Notice::Severity::warning,
      "the last source of the " + QString(to_string(eye)) +
          " eye is no longer there: " + QString::fromStdString(last->location),
      "Open another one with " + actions.open_source->shortcut().toString(QKeySequence::NativeText));
}

}  // namespace

void open_at_start(const WindowOptions& options, QSettings& settings, EyeCommands& commands,
                   MessageBar& messages, const WindowActions& actions) {
  if (options.open_at_start) {
    SourceRequest request = *options.open_at_start;
    // Whoever names a source but no mode has it recognised; a simulation knows its own.
    if (request.kind != SourceRequest::Kind::simulated_eye && request.mode == TrackingMode::near_eye)
      request.mode = TrackingMode::automatic;
    commands.open(options.eye, request);
    return;
  }
  reopen_last(EyeSide::left, settings, commands, messages, actions);
  reopen_last(EyeSide::right, settings, commands, messages, actions);
}

}  // namespace yarbus::ui
