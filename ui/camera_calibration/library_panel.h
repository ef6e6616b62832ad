#pragma once

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QTreeWidget>
#include <QWidget>
#include <vector>

#include "app/session/camera_calibration_control.h"
#include "app/session/session.h"

namespace yarbus::ui {

/// The saved cameras and the presets: use one for the open source, import, export, delete.
class LibraryPanel : public QWidget {
  Q_OBJECT
 public:
  LibraryPanel(CameraCalibrationControl& control, QSettings& settings, QWidget* parent = nullptr);
  /// Reads the library anew.
  void refresh();
  void follow(const SourceSnapshot& source);

 Q_SIGNALS:
  /// A saved camera's or a preset's name.
  void use_wanted(const QString& camera);

 private:
  QWidget* make_saved_part();
  QWidget* make_preset_part();
  void follow_choice();
  void ask_to_remove();
  void ask_where_to_export();
  void ask_what_to_import();
  void ask_name_for(const QString& path);
  [[nodiscard]] const SavedCamera* chosen() const;
  [[nodiscard]] const CameraPresetChoice* chosen_preset() const;
  /// Why a camera of that size cannot be used for the open source; empty: it can.
  [[nodiscard]] QString why_not(int width_px, int height_px) const;

  CameraCalibrationControl& control_;
  QSettings& settings_;
  SourceSnapshot source_;
  std::vector<SavedCamera> saved_;
  std::vector<CameraPresetChoice> presets_;
  QLabel* in_use_;
  QTreeWidget* list_;
  QLabel* text_;
  QPushButton* use_;
  QPushButton* export_;
  QPushButton* delete_;
  QComboBox* preset_;
  QLabel* preset_text_;
  QPushButton* use_preset_;
};

}  // namespace yarbus::ui
