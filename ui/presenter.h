#pragma once

#include <QObject>
#include <QTimer>
#include <array>
#include <vector>

#include "app/session/session.h"

namespace yarbus::ui {

/// One refresh of the display: how often what is seen is pulled, and moves of the mouse are passed on.
constexpr int display_interval_ms = 16;

/// Pulls the session's state at display rate and says what changed. The engines never wait for it and nothing
/// is queued: a slow window sees fewer samples, never older ones. When nothing changes for a while, it asks
/// less often. Threads: the window's.
class Presenter : public QObject {
  Q_OBJECT
 public:
  explicit Presenter(Session& session, QObject* parent = nullptr);

  void start();
  void show_eye(EyeSide eye);
  [[nodiscard]] EyeSide shown_eye() const { return eye_; }
  /// As of the last poll. The eye that is not shown is asked less often.
  [[nodiscard]] const EyeSnapshot& snapshot(EyeSide eye) const {
    return snapshots_[static_cast<std::size_t>(eye)];
  }
  [[nodiscard]] const EyeSnapshot& shown() const { return snapshot(eye_); }
  /// Trace points of the shown eye, oldest first, time rising; reaches back `kept_s`.
  [[nodiscard]] const std::vector<TracePoint>& traces() const { return traces_; }

  /// While on, the other eye is asked as often and its frame is kept, for pages that show both eyes.
  void watch_both_eyes(bool both) { watches_both_ = both; }
  /// While on, it asks seldom: nothing of the window is seen, and the eyes need the computer.
  void rest(bool rests);
  /// A command was given: its effect is near.
  void hurry();
  /// One pull. The timer calls it; tests do too.
  void poll();
  /// The pause before the next pull, in ms.
  [[nodiscard]] int interval_ms() const { return timer_.interval(); }

  static constexpr double kept_s = 60.0;

 Q_SIGNALS:
  void sample_changed();
  void source_changed();
  void model_changed();
  void health_changed();
  void other_eye_changed();
  /// Points were added; if `restarted`, older ones may have gone too.
  void traces_changed(bool restarted);
  void notice_arrived(const yarbus::Notice& notice);

 private:
  void poll_other_eye();
  void poll_traces();
  void poll_notices();

  Session& session_;
  QTimer timer_;
  EyeSide eye_ = EyeSide::right;
  std::array<EyeSnapshot, 2> snapshots_;
  std::vector<TracePoint> traces_;
  std::vector<TracePoint> new_points_;
  std::uint64_t last_notice_id_ = 0;
  int quiet_polls_ = 0;
  int polls_ = 0;
  bool everything_changed_ = true;
  bool watches_both_ = false;
  bool rests_ = false;
};

}  // namespace yarbus::ui
