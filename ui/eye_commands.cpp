#include "ui/eye_commands.h"

#include <algorithm>
#include <cmath>

namespace yarbus::ui {

QString speed_text(double speed) {
  return speed == 0.0 ? QString("as fast as possible") : QString("%1×").arg(speed);
}

EyeCommands::EyeCommands(Session& session, Presenter& presenter, QObject* parent)
    : QObject(parent), session_(session), presenter_(presenter) {}

void EyeCommands::open(EyeSide eye, const SourceRequest& request) {
  session_.open_source(eye, request);
  presenter_.show_eye(eye);
  presenter_.hurry();
  Q_EMIT source_opened(eye, request);
}

void EyeCommands::close() {
  const EyeSide eye = presenter_.shown_eye();
  session_.close_source(eye);
  presenter_.hurry();
  Q_EMIT source_closed(eye);
}

void EyeCommands::toggle_play() {
  const EyeSide eye = presenter_.shown_eye();
  switch (presenter_.shown().source.state) {
    case PlaybackState::playing:
      session_.pause(eye);
      break;
    case PlaybackState::ended:
      session_.seek(eye, 0);
      session_.play(eye);
      break;
    case PlaybackState::paused:
      session_.play(eye);
      break;
    case PlaybackState::closed:
    case PlaybackState::opening:
    case PlaybackState::reconnecting:
    case PlaybackState::failed:
      break;
  }
  presenter_.hurry();
}

void EyeCommands::step(int frames) {
  session_.step(presenter_.shown_eye(), frames);
  presenter_.hurry();
}

void EyeCommands::seek(std::uint64_t frame) {
  session_.seek(presenter_.shown_eye(), frame);
  presenter_.hurry();
}

void EyeCommands::change_speed(int steps) {
  const double now = presenter_.shown().source.speed;
  // The listed speed nearest to the present one, from which to go on.
  std::size_t nearest = playback_speeds.size() - 1;
  if (now != 0.0) {
    for (std::size_t i = 0; i + 1 < playback_speeds.size(); ++i) {
      if (nearest + 1 == playback_speeds.size() ||
          std::abs(std::log(playback_speeds[i] / now)) < std::abs(std::log(playback_speeds[nearest] / now))) {
        nearest = i;
      }
    }
  }
  const int last = static_cast<int>(playback_speeds.size()) - 1;
  set_speed(
      playback_speeds[static_cast<std::size_t>(std::clamp(static_cast<int>(nearest) + steps, 0, last))]);
}

void EyeCommands::slower() { change_speed(-1); }
void EyeCommands::faster() { change_speed(+1); }

void EyeCommands::set_speed(double speed) {
  session_.set_speed(presenter_.shown_eye(), speed);
  presenter_.hurry();
}

void EyeCommands::set_stage(FitStage stage) {
  session_.set_stage(presenter_.shown_eye(), stage);
  presenter_.hurry();
}

void EyeCommands::refit() {
  session_.refit(presenter_.shown_eye());
  presenter_.hurry();
}

void EyeCommands::set_frozen(bool frozen) {
  session_.freeze_model(presenter_.shown_eye(), frozen);
  presenter_.hurry();
}

void EyeCommands::reset_model() {
  session_.reset_model(presenter_.shown_eye());
  presenter_.hurry();
}

}  // namespace yarbus::ui
