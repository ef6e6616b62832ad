#include "ui/tracking_panel.h"

#include "ui/mode_text.h"

namespace yarbus::ui {

TrackingPanel::TrackingPanel(const WindowActions& actions, QWidget* parent)
    : QStackedWidget(parent), model_(new ModelPanel(actions, this)), face_(new FacePanel(this)) {
  addWidget(model_);
  addWidget(face_);
}

void TrackingPanel::follow(const EyeSnapshot& snapshot) {
  setCurrentWidget(is_webcam(snapshot) ? static_cast<QWidget*>(face_) : model_);
  if (is_webcam(snapshot)) {
    face_->follow(snapshot);
  } else {
    face_->show_sample(nullptr);  // no frame may be kept where it is not seen
    model_->follow(snapshot);
  }
}

void TrackingPanel::show_sample(const EyeSnapshot& snapshot) {
  if (is_webcam(snapshot)) face_->show_sample(snapshot.latest);
}

QString TrackingPanel::title() const { return currentWidget() == face_ ? "Face" : "Eye model"; }

}  // namespace yarbus::ui
