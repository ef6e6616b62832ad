#pragma once

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <functional>
#include <thread>

#include "app/session/recording_control.h"
#include "app/session/session_outputs.h"

namespace yarbus::ui {

/// Writes one session for other programs, or the report on its data quality: asks how, whose results and
/// where, then works in a thread of its own ("export"), shows how far it is and can be stopped. Nothing that
/// is there is ever overwritten. Not modal.
class ExportDialog : public QDialog {
  Q_OBJECT
 public:
  /// `format`: the one to begin with, one of ExportWish or report_format. `parent_folder`: where to write.
  ExportDialog(const SessionOutputs& outputs, const SessionCard& card, const QString& format,
               const QString& parent_folder, QWidget* parent = nullptr);
  /// Stops what runs and waits for its end.
  ~ExportDialog() override;

  static constexpr const char* report_format = "report";

  /// While something is written: stops it and closes when it has ended.
  void reject() override;

 Q_SIGNALS:
  /// Something was written into this folder.
  void written(const QString& parent_folder);
  /// The desktop is to show it.
  void folder_wanted(const QString& folder);

 private:
  using Work = std::function<void(const std::stop_token&)>;
  [[nodiscard]] QString format() const;
  [[nodiscard]] bool is_report() const { return format() == report_format; }
  void list_results();
  void follow_format();
  void choose_path();
  void begin();
  void begin_export(const QString& path);
  void begin_report(const QString& path);
  void run(Work work);
  void show_progress(double share);
  void end_export(const Result<ExportedSession>& exported);
  void end_report(const Result<SessionQualityReport>& measured, const QString& path);
  void end_with(const QString& text, const QString& folder);
  void end_with(const Error& error);
  void follow_state();

  const SessionOutputs& outputs_;
  const SessionCard card_;
  QComboBox* format_;
  QLabel* explanation_;
  QComboBox* results_;
  QLabel* path_label_;
  QLineEdit* path_;
  QPushButton* choose_;
  QProgressBar* progress_;
  QLabel* text_;
  QPushButton* start_;
  QPushButton* show_;
  QPushButton* close_;
  QString parent_folder_;
  QString written_folder_;
  bool can_be_read_ = false;
  bool is_running_ = false;
  bool closes_at_end_ = false;
  std::jthread thread_;
};

}  // namespace yarbus::ui
