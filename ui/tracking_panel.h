#pragma once

#include <QStackedWidget>

#include "app/session/session.h"
#include "ui/face_panel.h"
#include "ui/model_panel.h"

namespace yarbus::ui {

/// What gaze rests on: the eye model of an eye camera, or the face before a webcam.
class TrackingPanel : public QStackedWidget {
  Q_OBJECT
 public:
  explicit TrackingPanel(const WindowActions& actions, QWidget* parent = nullptr);
  void follow(const EyeSnapshot& snapshot);
  /// The pictures alone.
  void show_sample(const EyeSnapshot& snapshot);
  void set_overlay(const OverlayOptions& options) { face_->set_overlay(options); }
  /// "Eye model", "Face".
  [[nodiscard]] QString title() const;
  [[nodiscard]] ModelPanel& model() { return *model_; }

 private:
  ModelPanel* model_;
  FacePanel* face_;
};

}  // namespace yarbus::ui
