#pragma once

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QTabWidget>
#include <QTimer>

#include "app/session/session.h"
#include "ui/calibration/folded_text.h"
#include "ui/camera_calibration/board_panel.h"
#include "ui/camera_calibration/board_picture.h"
#include "ui/camera_calibration/library_panel.h"
#include "ui/camera_calibration/result_panel.h"
#include "ui/camera_calibration/views_panel.h"
#include "ui/message_bar.h"
#include "ui/presenter.h"

namespace yarbus::ui {

/// Calibration of an eye's camera: at the left its picture with what to show next, at the right the board,
/// the views, the result and the saved cameras. Draws the session's snapshots and sends commands. Polls while
/// it is open. Session, presenter and settings must outlive it.
class CameraCalibrationWindow : public QDialog {
  Q_OBJECT
 public:
  CameraCalibrationWindow(Session& session, Presenter& presenter, QSettings& settings,
                          QWidget* parent = nullptr);

  /// Comes forward; begins with the eye shown unless a calibration is under way.
  void open_window();
  /// One pull. The timer calls it; tests do too.
  void poll();
  [[nodiscard]] QTabWidget& tabs() { return *tabs_; }
  [[nodiscard]] BoardPicture& picture() { return *picture_; }
  [[nodiscard]] MessageBar& message_bar() { return *message_bar_; }

 Q_SIGNALS:
  void source_wanted(yarbus::EyeSide eye, const yarbus::SourceRequest& request);

 public Q_SLOTS:
  void reject() override;

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  QWidget* make_left();
  QWidget* make_right();
  QWidget* make_pending_row();
  QLayout* make_buttons();
  void connect_parts();
  [[nodiscard]] EyeSide eye() const;
  [[nodiscard]] const SourceSnapshot& source() const;
  void start();
  /// Another board or eye was chosen: begins with it at once if no view is lost by it, else asks.
  void follow_setup();
  void ask_for_pictures();
  void compute();
  void follow_guide(const CameraCalibrationSnapshot& now);
  void remember_saved(const CameraCalibrationSnapshot& now);
  void use_camera(const QString& name);
  void leave();

  Session& session_;
  CameraCalibrationControl& control_;
  Presenter& presenter_;
  QSettings& settings_;
  QTimer timer_;
  EyeSide started_eye_ = EyeSide::right;
  CameraCalibrationSetup started_;
  bool is_filling_ = false;
  std::string saved_as_;
  MessageBar* message_bar_;
  QComboBox* eye_;
  QLabel* source_text_;
  QLabel* guide_;
  QLabel* board_text_;
  BoardPicture* picture_;
  QProgressBar* progress_;
  FoldedText* missing_;
  QWidget* pending_;
  QLabel* pending_text_;
  QTabWidget* tabs_;
  BoardPanel* board_;
  ViewsPanel* views_;
  ResultPanel* result_;
  LibraryPanel* library_;
  QPushButton* anew_;
  QPushButton* load_;
  QPushButton* take_;
  QPushButton* compute_;
};

}  // namespace yarbus::ui
