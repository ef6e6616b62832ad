#pragma once

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QWidget>
#include <vector>

#include "app/session/session.h"

namespace yarbus::ui {

/// The source dialog's page for cameras: the list, and size, rate, format, exposure and gain. Empty fields
/// leave the camera's own.
class CameraPage : public QWidget {
  Q_OBJECT
 public:
  explicit CameraPage(Session& session, QWidget* parent = nullptr);
  /// Asks for the cameras present now.
  void refresh();
  void set_request(const SourceRequest& request);
  /// Fills the camera's part of the request. Returns what is wrong, or an empty text.
  [[nodiscard]] QString fill(SourceRequest& request) const;

 Q_SIGNALS:
  void changed();
  void accepted();

 private:
  [[nodiscard]] const CameraChoice* chosen() const;
  void show_chosen();

  Session& session_;
  std::vector<CameraChoice> cameras_;
  QListWidget* list_;
  QLabel* note_;
  QComboBox* size_;
  QComboBox* rate_;
  QComboBox* format_;
  QLineEdit* exposure_;
  QLineEdit* gain_;
};

}  // namespace yarbus::ui
