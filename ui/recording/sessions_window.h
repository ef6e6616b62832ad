#pragma once

#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSet>
#include <vector>

#include "app/session/session.h"

namespace yarbus::ui {

/// The library of recorded sessions: a card each; open, show the folder, repair, delete. Not modal.
class SessionsWindow : public QDialog {
  Q_OBJECT
 public:
  explicit SessionsWindow(RecordingControl& control, QWidget* parent = nullptr);

  /// Reads the library anew and shows it.
  void open_window();
  void refresh();
  /// A recording began or ended: the library is another, and while it runs no other source may be opened.
  void follow(bool is_recording);
  /// Of the repair that was asked for here.
  void show_notice(const Notice& notice);

 Q_SIGNALS:
  void open_wanted(const yarbus::SourceRequest& request);
  void repair_wanted(const QString& folder);
  /// The desktop is to show it.
  void folder_wanted(const QString& folder);
  /// How a picture was looked at in it.
  void viewing_wanted(const QString& folder);

 private:
  [[nodiscard]] const SessionCard* chosen() const;
  void use_search();
  void follow_choice();
  void open_chosen();
  void repair_chosen();
  void ask_to_delete();
  void move_to_trash(const SessionCard& card);

  RecordingControl& control_;
  std::vector<SessionCard> cards_;  ///< as the list's rows
  QSet<QString> repaired_;          ///< folders, until a notice tells how it went
  bool is_recording_ = false;
  QLineEdit* search_;
  QListWidget* list_;
  QLabel* count_;
  QLabel* text_;
  QPushButton* open_;
  QPushButton* folder_;
  QPushButton* repair_;
  QPushButton* delete_;
};

}  // namespace yarbus::ui
