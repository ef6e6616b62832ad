#pragma once

#include <QObject>
#include <QSettings>
#include <QStringList>
#include <string>
#include <vector>

#include "app/session/session.h"
#include "ui/presenter.h"
#include "ui/recording/record_button.h"
#include "ui/recording/recording_settings.h"
#include "ui/recording/recording_strip.h"
#include "ui/recording/sessions_window.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// Recording as the main window has it: connects the actions to the dialogs and the session's recording, and
/// keeps the button, the strip and the library up to date, a few times a second.
class RecordingTools : public QObject {
  Q_OBJECT
 public:
  RecordingTools(RecordingControl& control, Presenter& presenter, WindowActions& actions, QSettings& settings,
                 RecordButton& button, RecordingStrip& strip, QWidget* window);

  /// Looks at the state once; the presenter's slow turns call it.
  void follow();
  /// Looks whether sessions of the library were cut off, and if so offers to repair them.
  void look_for_cut_off_sessions();
  /// Repairs those that were found then.
  void repair_cut_off_sessions();
  /// Made when it is asked for first.
  SessionsWindow& sessions();

 Q_SIGNALS:
  void said(yarbus::Notice::Severity severity, const QString& text, const QString& remedy);
  void repair_offered(const QString& text, const QString& remedy);
  /// A session is to be opened.
  void open_wanted(const yarbus::SourceRequest& request);
  /// How a picture was looked at in that session is to be shown.
  void viewing_wanted(const QString& folder);

 private:
  void connect_actions();
  void toggle();
  void start_at_once();
  void ask_and_start();
  void start(const RecordingWish& wish);
  void mark(const QString& label);
  void ask_for_note();
  void ask_for_labels();
  void follow_actions(const RecordingView& view);
  void tell_end(const RecordingView& view);

  RecordingControl& control_;
  Presenter& presenter_;
  WindowActions& actions_;
  QSettings& settings_;
  RecordButton& button_;
  RecordingStrip& strip_;
  QWidget* window_;
  SessionsWindow* sessions_ = nullptr;
  MarkLabels labels_;
  std::vector<std::string> cut_off_;  ///< folders
  bool was_active_ = false;
};

}  // namespace yarbus::ui
