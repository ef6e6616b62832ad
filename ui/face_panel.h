#pragma once

#include <QFormLayout>
#include <QLabel>
#include <QWidget>
#include <array>

#include "app/session/session.h"
#include "ui/eye_image_view.h"

namespace yarbus::ui {

/// What a webcam sees of the person: both eyes enlarged, whether they are followed, where the head is, and
/// why this is taken for a webcam.
class FacePanel : public QWidget {
  Q_OBJECT
 public:
  explicit FacePanel(QWidget* parent = nullptr);
  /// The pictures; cheap while hidden.
  void show_sample(const GazeSamplePtr& sample);
  void set_overlay(const OverlayOptions& options);
  /// The words; more rarely, so that they can be read.
  void follow(const EyeSnapshot& snapshot);

 private:
  QLabel* state_;
  QLabel* warning_;
  std::array<EyeImageView*, 2> pictures_{};
  std::array<QLabel*, 2> eyes_{};
  QLabel* head_;
  QLabel* faces_;
  QLabel* mode_;
  QLabel* focal_;
};

}  // namespace yarbus::ui
