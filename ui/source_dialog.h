#pragma once

#include <QComboBox>
#include <QDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabWidget>

#include "app/session/session.h"
#include "ui/camera_page.h"
#include "ui/mode_field.h"
#include "ui/preview/preview_feed.h"
#include "ui/preview/preview_pane.h"
#include "ui/simulation_page.h"

namespace yarbus::ui {

/// Chooses what to open for which eye, with a live picture of cameras, streams and simulations beside it. Not
/// modal; says in words why it cannot open yet.
class SourceDialog : public QDialog {
  Q_OBJECT
 public:
  enum Page : int { camera_page, file_page, folder_page, stream_page, simulation_page };

  SourceDialog(Session& session, EyeSide eye, const std::optional<SourceRequest>& last,
               QWidget* parent = nullptr);

  void show_page(Page page);
  /// The request as entered. `fault` receives what is missing or wrong, else it is empty.
  [[nodiscard]] SourceRequest request(QString& fault) const;
  [[nodiscard]] EyeSide eye() const;

 Q_SIGNALS:
  void chosen(yarbus::EyeSide eye, const yarbus::SourceRequest& request);

 protected:
  void accept() override;

 private:
  QWidget* make_path_page(QLineEdit* field, const QString& label, const QString& hint, bool folder);
  QWidget* make_stream_page();
  QWidget* make_common_fields();
  void browse(QLineEdit* field, bool folder);
  void set_request(const SourceRequest& request);
  void check();
  void ask_for_previews();
  void show_previews(const std::vector<CameraPreview>& previews);
  /// The request without the camera's optics, which change no picture.
  [[nodiscard]] SourceRequest pictures_request(QString& fault) const;
  [[nodiscard]] QString fill_optics(SourceRequest& request) const;

  QTabWidget* pages_;
  CameraPage* camera_;
  QLineEdit* file_;
  QLineEdit* folder_;
  QLineEdit* stream_;
  SimulationPage* simulation_;
  QComboBox* eye_;
  ModeField* mode_;  ///< of cameras and recordings; a simulation knows what it is
  QComboBox* rotate_;
  QComboBox* mirror_;
  QComboBox* optics_;
  QStackedWidget* optics_details_;
  QFormLayout* optics_form_;
  QLabel* known_optics_;  ///< stands for both in a simulated eye, whose camera has nothing to choose
  QLineEdit* focal_;
  QLineEdit* intrinsics_;
  QLabel* fault_;
  QPushButton* open_;
  PreviewPane* preview_ = nullptr;  ///< both null: the session has no previews
  PreviewFeed* feed_ = nullptr;
  std::optional<SourceRequest> looked_at_;  ///< what the pane shows; unset: nothing that can be shown
};

}  // namespace yarbus::ui
