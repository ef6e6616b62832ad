#pragma once

#include <QComboBox>
#include <QSettings>
#include <QWidget>

#include "app/session/calibration_control.h"
#include "ui/calibration/folded_text.h"
#include "ui/calibration/page_parts.h"
#include "ui/calibration/screen_map_view.h"
#include "ui/calibration/verdict_header.h"

namespace yarbus::ui {

/// The calibration in force: verdict, figures, error map, mappers, parameters, advice, and what can be done
/// with it.
class ResultPage : public QWidget {
  Q_OBJECT
 public:
  ResultPage(CalibrationControl& control, QSettings& settings, QWidget* parent = nullptr);
  void follow(const CalibrationSnapshot& now);
  [[nodiscard]] ScreenMapView& map() { return *map_; }

 Q_SIGNALS:
  void again_wanted();
  void done();
  /// The report has been written, or not.
  void pdf_written(const QString& path);
  void pdf_failed(const QString& text, const QString& remedy);

 private:
  void build_figures(QVBoxLayout& column);
  void build_buttons();
  void show_result(const CalibrationResult& result);
  void show_mappers(const CalibrationResult& result);
  void follow_selection(int point);
  void ask_name();
  void export_pdf();
  void export_json();

  CalibrationControl& control_;
  QSettings& settings_;
  CalibrationResultPtr result_;
  PageFrame frame_;
  QLabel* none_;
  QWidget* content_;
  VerdictHeader* header_;
  ScreenMapView* map_;
  QLabel* quality_;
  QLabel* truth_;
  QLabel* mapper_table_;
  QComboBox* mapper_;
  QLabel* mapper_reason_;
  QLabel* advice_;
  FoldedText* findings_;
  FoldedText* points_;
  FoldedText* parameters_;
  QPushButton* redo_ = nullptr;
  QVector<QPushButton*> with_result_;  ///< buttons that need one
};

}  // namespace yarbus::ui
