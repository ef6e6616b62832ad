#pragma once

#include <QObject>
#include <array>

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
  /// Pauses what plays, plays what is paused, starts again at the first frame what has ended.
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

 Q_SIGNALS:
  void source_opened(yarbus::EyeSide eye, const yarbus::SourceRequest& request);
  void source_closed(yarbus::EyeSide eye);

 private:
  void change_speed(int steps);

  Session& session_;
  Presenter& presenter_;
};

}  // namespace yarbus::ui
