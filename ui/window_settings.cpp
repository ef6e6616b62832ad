#include "ui/window_settings.h"

#include <array>

#include "ui/source_settings.h"

namespace yarbus::ui {

namespace {

struct Choice {
  const char* key;
  QAction* WindowActions::*action;
  bool at_first;
};

constexpr std::array overlay_choices{
    Choice{"overlay/pupil", &WindowActions::show_pupil, true},
    Choice{"overlay/edge_points", &WindowActions::show_edge_points, false},
    Choice{"overlay/eyeball", &WindowActions::show_eyeball, true},
    Choice{"overlay/axis", &WindowActions::show_axis, true},
    Choice{"overlay/truth", &WindowActions::show_truth, false},
};
constexpr const char* colours_key = "window/colours";

}  // namespace

void save_choices(QSettings& settings, const WindowActions& actions) {
  for (const Choice& choice : overlay_choices)
    settings.setValue(choice.key, (actions.*choice.action)->isChecked());
  settings.setValue(colours_key, to_string(chosen_appearance(actions)));
}

void restore_choices(const QSettings& settings, WindowActions& actions) {
  for (const Choice& choice : overlay_choices)
    (actions.*choice.action)->setChecked(settings.value(choice.key, choice.at_first).toBool());
  switch (appearance_from_string(settings.value(colours_key).toString())) {
    case Appearance::system:
      break;
    case Appearance::light:
      actions.light->trigger();
      break;
    case Appearance::dark:
      actions.dark->trigger();
      break;
  }
}

void keep_sources(QSettings& settings, EyeCommands& commands) {
  QSettings* kept = &settings;
  QObject::connect(&commands, &EyeCommands::source_opened, &commands,
                   [kept](EyeSide eye, const SourceRequest& request) { save_source(*kept, eye, request); });
  QObject::connect(&commands, &EyeCommands::source_closed, &commands, [kept](EyeSide eye) {
    if (const auto closed = load_source(*kept, eye)) save_closed_source(*kept, *closed);
    forget_source(*kept, eye);
  });
  QObject::connect(&commands, &EyeCommands::mode_chosen, &commands, [kept](EyeSide eye, TrackingMode mode) {
    auto source = load_source(*kept, eye);
    if (!source) return;
    source->mode = mode;
    save_source(*kept, eye, *source);
  });
}

Appearance chosen_appearance(const WindowActions& actions) {
  if (actions.light->isChecked()) return Appearance::light;
  return actions.dark->isChecked() ? Appearance::dark : Appearance::system;
}

}  // namespace yarbus::ui
