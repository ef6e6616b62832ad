#include "ui/window_commands.h"

namespace yarbus::ui {

void connect_commands(const WindowActions& actions, EyeCommands& commands) {
  const auto on = [&](QAction* action, auto&& command) {
    QObject::connect(action, &QAction::triggered, &commands, command);
  };
  EyeCommands* to = &commands;
  on(actions.close_source, [to] { to->close(); });
  on(actions.use_webcam, [to] { to->set_mode(TrackingMode::webcam); });
  on(actions.use_eye_camera, [to] { to->set_mode(TrackingMode::near_eye); });
  on(actions.recognise, [to] { to->set_mode(TrackingMode::automatic); });
  on(actions.play, [to] { to->toggle_play(); });
  on(actions.step_back, [to] { to->step(-1); });
  on(actions.step_forward, [to] { to->step(1); });
  on(actions.to_start, [to] { to->seek(0); });
  on(actions.slower, [to] { to->slower(); });
  on(actions.faster, [to] { to->faster(); });
  for (const QAction* stage : actions.stages)
    QObject::connect(stage, &QAction::triggered, to,
                     [to, stage] { to->set_stage(static_cast<FitStage>(stage->data().toInt())); });
  on(actions.refit, [to] { to->refit(); });
  on(actions.freeze, [to](bool frozen) { to->set_frozen(frozen); });
  on(actions.reset_model, [to] { to->reset_model(); });
  on(actions.blink, [to] { to->blink(); });
  on(actions.reset_simulation, [to] { to->reset_simulation(); });
}

}  // namespace yarbus::ui
