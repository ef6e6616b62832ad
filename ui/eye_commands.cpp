#include "ui/eye_commands.h"

#include <algorithm>
#include <cmath>

#include "ui/gaze_pointer.h"

namespace yarbus::ui {

namespace {
/// How long the session may take until its snapshot shows what it was told.
constexpr int settle_ms = 500;
}  // namespace

QString speed_text(double speed) {
  return speed == 0.0 ? QString("as fast as possible") : QString("%1×").arg(speed);
}

EyeCommands::EyeCommands(Session& session, Presenter& presenter, QObject* parent)
    : QObject(parent), session_(session), presenter_(presenter) {
  pace_.setSingleShot(true);
  pace_.setTimerType(Qt::PreciseTimer);
  pace_.setInterval(display_interval_ms);
  connect(&pace_, &QTimer::timeout, this, &EyeCommands::send_waiting);
  settle_.setSingleShot(true);
  settle_.setInterval(settle_ms);
  connect(&settle_, &QTimer::timeout, this, [this] {
    for (Simulation& simulation : simulations_) {
      if (!simulation.is_unsent) simulation.wanted.reset();
    }
  });
  connect(&presenter_, &Presenter::source_changed, this, &EyeCommands::note_simulation);
}

void EyeCommands::open(EyeSide eye, const SourceRequest& request) {
  simulations_[static_cast<std::size_t>(eye)] = {};
  session_.open_source(eye, request);
  presenter_.show_eye(eye);
  presenter_.hurry();
  Q_EMIT source_opened(eye, request);
}

void EyeCommands::close() {
  const EyeSide eye = presenter_.shown_eye();
  simulations_[static_cast<std::size_t>(eye)] = {};
  session_.close_source(eye);
  presenter_.hurry();
  Q_EMIT source_closed(eye);
}

void EyeCommands::set_mode(TrackingMode mode) {
  const EyeSide eye = presenter_.shown_eye();
  session_.set_mode(eye, mode);
  presenter_.hurry();
  Q_EMIT mode_chosen(eye, mode);
}

void EyeCommands::choose_face(const Eigen::Vector2d& place_px) {
  session_.choose_face(presenter_.shown_eye(), place_px);
  presenter_.hurry();
}

void EyeCommands::toggle_play() {
  const EyeSide eye = presenter_.shown_eye();
  switch (presenter_.shown().source.state) {
    case PlaybackState::playing:
      session_.pause(eye);
      break;
    case PlaybackState::ended:
      // A session begins at its mark by itself.
      if (presenter_.shown().source.request.kind != SourceRequest::Kind::recorded_session)
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

void EyeCommands::save_model(EyeSide eye, const QString& path) {
  session_.save_model(eye, path.toStdString());
  presenter_.hurry();
}

void EyeCommands::load_model(EyeSide eye, const QString& path) {
  session_.load_model(eye, path.toStdString());
  presenter_.hurry();
}

void EyeCommands::note_simulation() {
  const EyeSnapshot& now = presenter_.shown();
  Simulation& known = simulations_[static_cast<std::size_t>(presenter_.shown_eye())];
  const SourceRequest& request = now.source.request;
  if (!now.simulation || now.source.state != PlaybackState::playing) return;
  if (known.own && known.scenario == request.location && known.seed == request.seed) return;
  known = {request.location, request.seed, now.simulation, {}, false};
}

std::optional<SimulationControls> EyeCommands::simulation() const {
  const EyeSnapshot& now = presenter_.shown();
  if (!now.simulation) return std::nullopt;
  const Simulation& known = simulations_[static_cast<std::size_t>(presenter_.shown_eye())];
  return known.wanted ? known.wanted : now.simulation;
}

void EyeCommands::change_simulation(const std::function<void(SimulationControls&)>& change) {
  auto controls = simulation();
  if (!controls) return;
  change(*controls);
  const EyeSide eye = presenter_.shown_eye();
  Simulation& known = simulations_[static_cast<std::size_t>(eye)];
  known.wanted = controls;
  known.is_unsent = true;
  if (!pace_.isActive()) send_simulation(eye);
}

void EyeCommands::send_simulation(EyeSide eye) {
  Simulation& known = simulations_[static_cast<std::size_t>(eye)];
  known.is_unsent = false;
  session_.set_simulation(eye, *known.wanted);
  presenter_.hurry();
  pace_.start();
  settle_.start();
}

void EyeCommands::send_waiting() {
  for (const EyeSide eye : {EyeSide::right, EyeSide::left}) {
    if (simulations_[static_cast<std::size_t>(eye)].is_unsent) send_simulation(eye);
  }
}

void EyeCommands::point_at(const Eigen::Vector2d& pointer_deg) {
  change_simulation([&](SimulationControls& controls) { controls.pointer_deg = within_reach(pointer_deg); });
}

void EyeCommands::blink() {
  change_simulation([](SimulationControls& controls) { ++controls.blinks; });
}

void EyeCommands::reset_simulation() {
  const auto own = simulations_[static_cast<std::size_t>(presenter_.shown_eye())].own;
  if (!own) return;
  // The count of blinks only rises: a smaller one would be a change, and a change is a blink.
  change_simulation([&](SimulationControls& controls) {
    const std::uint32_t blinks = controls.blinks;
    controls = *own;
    controls.blinks = blinks;
  });
}

}  // namespace yarbus::ui
