#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QTableWidget>
#include <optional>
#include <thread>

#include "app/session/recording_control.h"
#include "app/session/viewing_control.h"
#include "ui/viewing/viewing_results_view.h"

namespace yarbus::ui {

/// How a picture was looked at in a recorded session, task beside task, with what is drawn to choose, the
/// figures as a table, and export. Reads the session in a thread of its own ("viewing results"). Not modal.
class ViewingResultsWindow : public QDialog {
  Q_OBJECT
 public:
  ViewingResultsWindow(const ViewingControl& control, const RecordingControl& recording, QSettings& settings,
                       QWidget* parent = nullptr);
  ~ViewingResultsWindow() override;  ///< waits for what is being read

  void open_session(const QString& folder);
  [[nodiscard]] ViewingResultsView& view() { return *view_; }
  /// What is said below the figure.
  [[nodiscard]] QString text() const { return text_->text(); }

 private:
  void read(std::optional<std::int64_t> analysis);
  void show_results(const Result<ViewingResults>& results);
  void list_analyses(std::int64_t used);
  void fill_table(const ViewingResults& results);
  void use_layers();
  void ask_for_figure();
  void ask_for_folder();
  void follow_state();

  const ViewingControl& control_;
  const RecordingControl& recording_;
  QSettings& settings_;
  QString folder_;
  ViewingResultsView* view_;
  QScrollArea* scroll_;
  QTableWidget* table_;
  QCheckBox* fixations_;
  QCheckBox* saccades_;
  QCheckBox* heat_;
  QDoubleSpinBox* sigma_;
  QComboBox* analysis_;
  QLabel* text_;
  QPushButton* figure_;
  QPushButton* all_;
  bool is_reading_ = false;
  int readings_ = 0;
  std::jthread thread_;
};

}  // namespace yarbus::ui
