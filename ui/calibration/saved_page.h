#pragma once

#include <QLabel>
#include <QSettings>
#include <QTreeWidget>
#include <QWidget>
#include <vector>

#include "app/session/calibration_control.h"
#include "ui/calibration/page_parts.h"

namespace yarbus::ui {

/// The library of saved calibrations: use, compare, delete, export. What cannot be used says why.
class SavedPage : public QWidget {
  Q_OBJECT
 public:
  SavedPage(CalibrationControl& control, QSettings& settings, QWidget* parent = nullptr);
  /// Reads the library anew.
  void refresh();

 Q_SIGNALS:
  void loaded();
  void compare_wanted(const QString& path);
  void pdf_written(const QString& path);
  void pdf_failed(const QString& text, const QString& remedy);
  void closed();

 private:
  [[nodiscard]] const CalibrationEntry* chosen() const;
  void follow_choice();
  void load_chosen();
  void remove_chosen();
  void export_pdf();
  void export_json();

  CalibrationControl& control_;
  QSettings& settings_;
  std::vector<CalibrationEntry> entries_;
  PageFrame frame_;
  QTreeWidget* list_;
  QLabel* text_;
  QPushButton* use_;
  QPushButton* compare_;
  QPushButton* delete_;
  QPushButton* pdf_;
  QPushButton* json_;
};

}  // namespace yarbus::ui
