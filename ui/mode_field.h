#pragma once

#include <QComboBox>
#include <QLabel>
#include <QWidget>

#include "app/session/session.h"

namespace yarbus::ui {

/// Asks what the camera looks at, and says what the choice means.
class ModeField : public QWidget {
  Q_OBJECT
 public:
  explicit ModeField(QWidget* parent = nullptr);
  [[nodiscard]] TrackingMode mode() const;
  void set_mode(TrackingMode mode);

 Q_SIGNALS:
  void changed();

 private:
  QComboBox* choice_;
  QLabel* text_;
};

}  // namespace yarbus::ui
