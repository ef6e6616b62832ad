#pragma once

#include <QAction>
#include <QActionGroup>
#include <QHash>
#include <QList>
#include <QString>
#include <array>
#include <optional>

#include "app/session/session.h"

namespace yarbus::ui {

/// Every action of the window, with its shortcut. Menus, tool bar and panels show these same objects.
class WindowActions {
 public:
  /// Actions become children of `owner`, which is also where their shortcuts work.
  explicit WindowActions(QWidget* owner);

  /// One heading of the shortcuts page.
  struct Group {
    QString title;
    QList<QAction*> actions;
  };
  [[nodiscard]] const QList<Group>& groups() const { return groups_; }
  /// What can be done now is enabled, what is on is checked.
  void follow(const EyeSnapshot& snapshot, EyeSide shown_eye);
  /// Those that need an eye model, which a webcam has not.
  [[nodiscard]] QList<QAction*> of_eye_model() const;

  // Source
  QAction* open_source = nullptr;
  QAction* open_camera = nullptr;
  QAction* open_file = nullptr;
  QAction* open_folder = nullptr;
  QAction* open_stream = nullptr;
  QAction* open_simulation = nullptr;
  QAction* use_webcam = nullptr;
  QAction* use_eye_camera = nullptr;
  QAction* recognise = nullptr;
  QAction* close_source = nullptr;
  QAction* quit = nullptr;
  // Playback
  QAction* play = nullptr;
  QAction* step_back = nullptr;
  QAction* step_forward = nullptr;
  QAction* to_start = nullptr;
  QAction* slower = nullptr;
  QAction* faster = nullptr;
  QAction* trim_in = nullptr;
  QAction* trim_out = nullptr;
  QAction* trim_clear = nullptr;
  // Eye
  QAction* right_eye = nullptr;
  QAction* left_eye = nullptr;
  // Overlay
  QAction* show_pupil = nullptr;
  QAction* show_edge_points = nullptr;
  QAction* show_eyeball = nullptr;
  QAction* show_axis = nullptr;
  QAction* show_truth = nullptr;
  // Model
  std::array<QAction*, 5> stages{};
  QAction* refit = nullptr;
  QAction* freeze = nullptr;
  QAction* reset_model = nullptr;
  QAction* save_model = nullptr;
  QAction* load_model = nullptr;
  // Calibration
  QAction* calibrate = nullptr;
  QAction* calibrate_camera = nullptr;
  QAction* check_point = nullptr;
  QAction* recentre = nullptr;
  QAction* recentre_at_mouse = nullptr;
  QAction* undo_recentre = nullptr;
  QAction* calibrate_region = nullptr;
  QAction* show_calibration = nullptr;
  QAction* saved_calibrations = nullptr;
  QAction* gaze_overlay = nullptr;
  QAction* use_clicks = nullptr;
  std::array<QAction*, 3> filters{};  ///< by GazeFilter
  QAction* calibration_demo = nullptr;
  // Recording
  QAction* record = nullptr;
  QAction* record_at_once = nullptr;
  std::array<QAction*, 9> marks{};
  QAction* note = nullptr;
  QAction* mark_labels = nullptr;
  QAction* sessions = nullptr;
  QAction* viewing = nullptr;
  // Simulated eye
  QAction* blink = nullptr;
  QAction* reset_simulation = nullptr;
  // View
  QAction* reset_scene = nullptr;
  QAction* reset_layout = nullptr;
  QAction* full_screen = nullptr;
  QAction* dismiss_message = nullptr;
  QAction* light_system = nullptr;
  QAction* light = nullptr;
  QAction* dark = nullptr;
  // Help
  QAction* first_steps = nullptr;
  QAction* shortcuts = nullptr;
  QAction* about = nullptr;

  /// A dock's own show/hide action joins the View group with its shortcut.
  void adopt_view_action(QAction* action, const QKeySequence& shortcut);

 private:
  QAction* add(const QString& text, const QKeySequence& shortcut, const QString& icon = {},
               const QString& tip = {});
  QAction* add_toggle(const QString& text, const QKeySequence& shortcut, const QString& icon,
                      const QString& tip, bool on);
  void add_calibration();
  void add_recording();
  void follow_mode(const EyeSnapshot& snapshot, bool is_running);

  QWidget* owner_;
  QActionGroup* eye_group_;
  QActionGroup* mode_group_;
  QActionGroup* stage_group_;
  QActionGroup* filter_group_;
  QActionGroup* appearance_group_;
  QList<Group> groups_;
  std::optional<bool> is_webcam_;            ///< as the texts say now
  QHash<const QAction*, QString> own_tips_;  ///< of actions whose tooltips depend on the mode
  QIcon play_icon_;
  QIcon pause_icon_;
};

/// The text of an action without its mnemonic, and the tooltip with its shortcut: "Refit (Ctrl+R)".
QString plain_text(const QAction& action);
void set_tooltip(QAction& action, const QString& tip);

}  // namespace yarbus::ui
