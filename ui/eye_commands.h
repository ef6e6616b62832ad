#pragma once

#include <QObject>
#include <QTimer>
#include <array>
#include <functional>
#include <optional>

#include "app/session/session.h"
#include "ui/presenter.h"

namespace yarbus::ui {

/// Playback speeds in order; 0 is as fast as possible and comes last.
constexpr std::array<double, 8> playback_speeds{0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 0.0};
/// "0.5×", "as fast as possible".
QString speed_text(double speed);

/// The commands a person gives, applied to the eye that is shown. Threads: the window's.
class EyeCommands : public QObject {
  Q_OBJECT
 public:
  EyeCommands(Session& session, Presenter& presenter, QObject* parent = nullptr);

  void open(EyeSide eye, const SourceRequest& request);
  void close();
  /// Opens the source again as a webcam, an eye camera, or as what its first images show.
  void set_mode(TrackingMode mode);
  /// Of several faces before the webcam, the one at this place of the image is followed.
  void choose_face(const Eigen::Vector2d& place_px);
  /// Pauses what plays, plays what is paused, starts again at the first frame (or the trim mark)
  /// what has ended.
  void toggle_play();
  void step(int frames);
  void seek(std::uint64_t frame);
  void slower();
  void faster();
  void set_speed(double speed);
  void set_stage(FitStage stage);
  void refit();
  void set_frozen(bool frozen);
  void reset_model();
  void save_model(EyeSide eye, const QString& path);
  void load_model(EyeSide eye, const QString& path);

  /// What the simulated eye shown is set to: what was just asked for, else what the session says. Nullopt
  /// for other sources.
  [[nodiscard]] std::optional<SimulationControls> simulation() const;
  /// Changes those controls and sends them all; never more often than the display shows a frame, the last
  /// wish counts. Ignored by other sources.
  void change_simulation(const std::function<void(SimulationControls&)>& change);
  /// The gaze goes there (degrees, yaw and pitch); clamped to what an eye can do.
  void point_at(const Eigen::Vector2d& pointer_deg);
  void blink();
  /// The controls as they were when the source was opened.
  void reset_simulation();

 Q_SIGNALS:
  void source_opened(yarbus::EyeSide eye, const yarbus::SourceRequest& request);
  void source_closed(yarbus::EyeSide eye);
  void mode_chosen(yarbus::EyeSide eye, yarbus::TrackingMode mode);

 private:
  /// What is known of the controls of one eye.
  struct Simulation {
    std::string scenario;
    std::uint64_t seed = 0;
    std::optional<SimulationControls> own;     ///< of the scenario, as first seen
    std::optional<SimulationControls> wanted;  ///< asked for, until the session has had time to follow
    bool is_unsent = false;
  };
  void change_speed(int steps);
  void note_simulation();
  void send_simulation(EyeSide eye);
  void send_waiting();

  Session& session_;
  Presenter& presenter_;
  std::array<Simulation, 2> simulations_;
  QTimer pace_;    ///< runs while nothing more may be sent
  QTimer settle_;  ///< runs while the session may not have followed yet
};

}  // namespace yarbus::ui
