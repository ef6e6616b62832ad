#pragma once

#include <QComboBox>
#include <QLabel>
#include <QObject>
#include <QTimer>
#include <optional>

#include "app/session/session.h"
#include "ui/presenter.h"
#include "ui/recording/timeline_view.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// The timeline with the choice of the analysis above it. Hidden unless a recorded session is shown.
class TimelinePanel : public QWidget {
  Q_OBJECT
 public:
  explicit TimelinePanel(QWidget* parent = nullptr);
  /// Shows what was read; null: it is being read.
  void show_timeline(const TimelinePtr& timeline);
  void set_trim(const TrimMarks& trim);
  [[nodiscard]] TimelineView& view() { return *view_; }

 Q_SIGNALS:
  void analysis_chosen(qint64 analysis);

 private:
  void say();

  QComboBox* analysis_;
  QLabel* text_;
  TimelineView* view_;
};

/// Replay of recorded sessions as the main window has it: connects timeline and trim actions to the session.
/// Without ReplayControl there is none. Threads: the window's.
class ReplayTools : public QObject {
  Q_OBJECT
 public:
  ReplayTools(Session& session, Presenter& presenter, WindowActions& actions, TimelinePanel& panel);
  /// Looks at the state once; the presenter's turns call it.
  void follow();

 private:
  [[nodiscard]] std::optional<TimelineWish> wish() const;
  void set_mark(bool is_in);
  void request(CaptureTime at);

  ReplayControl* control_;
  Presenter& presenter_;
  WindowActions& actions_;
  TimelinePanel& panel_;
  std::optional<TimelineWish> wanted_;    ///< as last asked for
  std::optional<std::int64_t> analysis_;  ///< chosen by the person, of the session that is shown
  TimelinePtr before_;                    ///< what had been read when the wish was made
  QTimer coalesce_;                       ///< runs while no seek may be sent
  std::optional<CaptureTime> waiting_;
};

}  // namespace yarbus::ui
