#pragma once

#include <QDialog>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>

#include "ui/calibration/card_page.h"
#include "ui/calibration/check_page.h"
#include "ui/calibration/compare_page.h"
#include "ui/calibration/gate_page.h"
#include "ui/calibration/lost_monitor_page.h"
#include "ui/calibration/region_page.h"
#include "ui/calibration/result_page.h"
#include "ui/calibration/review_page.h"
#include "ui/calibration/saved_page.h"
#include "ui/calibration/setup_page.h"
#include "ui/calibration/target_window.h"
#include "ui/message_bar.h"
#include "ui/presenter.h"

namespace yarbus::ui {

/// The wizard: a window with a page for each state of the procedure, and the full-screen targets. It draws
/// the session's snapshots and sends commands; where the procedure is, the session knows. Polls at display
/// rate while it is open. Session, presenter and settings must outlive it.
class CalibrationWizard : public QDialog {
  Q_OBJECT
 public:
  CalibrationWizard(CalibrationControl& control, Presenter& presenter, QSettings& settings,
                    QWidget* parent = nullptr);

  void open_setup(bool is_demo = false);
  /// The demo at once, with the choices of last time.
  void start_demo(bool is_webcam = false);
  void open_result();
  void open_region();
  void open_saved();
  /// Shows one point; without `recentres` the outcome is shown, with it the wizard goes by itself.
  void check(bool recentres);

  /// One pull. The timer calls it; tests do too.
  void poll();
  /// The procedure is there now: follows it, whoever started it.
  void notice(ProcedurePhase phase) {
    if (phase != phase_) poll();
  }
  /// A monitor has gone or come.
  void follow_monitors();
  [[nodiscard]] QWidget* page() const { return pages_->currentWidget(); }
  [[nodiscard]] TargetWindow& targets() { return targets_; }
  [[nodiscard]] SetupPage& setup() { return *setup_; }
  [[nodiscard]] MessageBar& message_bar() { return *message_bar_; }

 Q_SIGNALS:
  /// Something to say after the wizard has gone.
  void said(yarbus::Notice::Severity severity, const QString& text, const QString& remedy);

 public Q_SLOTS:
  void reject() override;

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void connect_pages();
  void show_page(QWidget* page);
  void start(const CalibrationRequest& request);
  void start_region(const ScreenRegion& region);
  void begin_procedure();
  void follow_phase(const CalibrationSnapshot& now);
  void follow_targets(const CalibrationSnapshot& now);
  void follow_page(const CalibrationSnapshot& now);
  void leave_targets();
  /// The chosen monitor, as it is now; null: it has gone.
  [[nodiscard]] const Monitor* target_monitor() const;
  void show_card();
  void compare(const QString& path);
  void come_forward();

  CalibrationControl& control_;
  Presenter& presenter_;
  QSettings& settings_;
  QTimer timer_;
  MessageBar* message_bar_;
  QStackedWidget* pages_;
  SetupPage* setup_;
  CardPage* card_;
  GatePage* gate_;
  ReviewPage* review_;
  ResultPage* result_;
  SavedPage* saved_;
  ComparePage* compare_;
  RegionPage* region_;
  CheckPage* check_;
  LostMonitorPage* lost_monitor_;
  TargetWindow targets_;
  QVector<Monitor> monitors_;
  QString monitor_key_;
  QString monitor_name_;
  ProcedurePhase phase_ = ProcedurePhase::idle;
  bool recentres_ = false;
};

}  // namespace yarbus::ui
