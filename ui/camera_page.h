#pragma once

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QWidget>
#include <vector>

#include "app/session/camera_preview_control.h"
#include "app/session/session.h"

namespace yarbus::ui {

/// The source dialog's page for cameras: the list with a small live picture of each, what the chosen one
/// offers, and size, rate, format, exposure and gain. Empty fields leave the camera's own.
class CameraPage : public QWidget {
  Q_OBJECT
 public:
  explicit CameraPage(Session& session, QWidget* parent = nullptr);
  /// Asks for the cameras present now.
  void refresh();
  void set_request(const SourceRequest& request);
  /// Fills the camera's part of the request. Returns what is wrong, or an empty text.
  [[nodiscard]] QString fill(SourceRequest& request) const;
  /// The cameras of the list that are not the chosen one, with the least that they offer: for small pictures.
  [[nodiscard]] std::vector<SourceRequest> others() const;
  /// Puts what is seen of them, and of the chosen one, into the list.
  void show_previews(const std::vector<CameraPreview>& previews);

 Q_SIGNALS:
  void changed();
  void accepted();

 private:
  [[nodiscard]] const CameraChoice* chosen() const;
  void show_chosen();
  void use_offer();
  void show_preview(int row, const CameraPreview& preview);

  Session& session_;
  std::vector<CameraChoice> cameras_;
  QListWidget* list_;
  QLabel* note_;
  QComboBox* offers_;  ///< every format and rate of the chosen camera
  QComboBox* size_;
  QComboBox* rate_;
  QComboBox* format_;
  QLineEdit* exposure_;
  QLineEdit* gain_;
};

}  // namespace yarbus::ui
