#pragma once

#include <QLabel>
#include <QWidget>

#include "app/session/session.h"
#include "ui/eye_image_view.h"

namespace yarbus::ui {

/// One eye before the start: its picture now, whether it is ready, and what to do if it is not.
class EyeGateCard : public QWidget {
  Q_OBJECT
 public:
  EyeGateCard(EyeSide eye, QWidget* parent = nullptr);
  void follow(const EyeGateView& gate, const EyeSnapshot& eye);
  /// The words as one text.
  [[nodiscard]] QString text() const;
  [[nodiscard]] const EyeImageView& picture() const { return *picture_; }

 private:
  EyeSide eye_;
  EyeImageView* picture_;
  bool is_enlarged_ = false;  ///< out of a webcam's image
  QLabel* icon_;
  QLabel* state_;
  QLabel* remedy_;
  QLabel* advice_;
  QString icon_name_;
};

}  // namespace yarbus::ui
