#pragma once

#include <QObject>
#include <QSettings>
#include <QTimer>
#include <memory>
#include <optional>

#include "app/session/session.h"
#include "app/session/viewing_control.h"
#include "ui/presenter.h"
#include "ui/viewing/viewing_dialog.h"
#include "ui/viewing/viewing_results_window.h"
#include "ui/viewing/viewing_show_window.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// Viewing sessions as the main window has them: the dialog that sets one up, the full-screen showing while
/// it runs, the results afterwards. Session, presenter, actions and settings must outlive it.
class ViewingTools : public QObject {
  Q_OBJECT
 public:
  ViewingTools(Session& session, Presenter& presenter, WindowActions& actions, QSettings& settings,
               QWidget* window);

  /// Each made when it is asked for first. Only where the session can show pictures.
  ViewingDialog& dialog();
  ViewingResultsWindow& results();
  [[nodiscard]] ViewingShowWindow* showing() { return show_.get(); }  ///< null before the first
  void open_dialog();
  void open_results(const QString& session_folder);
  /// Looks at the state once: at display rate while a viewing runs. The timer calls it; tests do too.
  void poll();

 Q_SIGNALS:
  void said(yarbus::Notice::Severity severity, const QString& text, const QString& remedy);

 private:
  void start();
  void follow_dialog();
  void end(const ViewingView& now);
  /// The monitor of the calibration in force; nullopt: there is none.
  [[nodiscard]] std::optional<Monitor> calibrated_monitor() const;
  [[nodiscard]] ViewingDialog::Obstacle obstacle() const;

  Session& session_;
  ViewingControl* control_;
  Presenter& presenter_;
  WindowActions& actions_;
  QSettings& settings_;
  QWidget* window_;
  QTimer timer_;
  ViewingDialog* dialog_ = nullptr;
  ViewingResultsWindow* results_ = nullptr;
  std::unique_ptr<ViewingShowWindow> show_;
  bool hides_overlay_ = false;  ///< gaze is drawn above all windows again when the showing has ended
};

}  // namespace yarbus::ui
