#pragma once

#include <QWidget>
#include <memory>

#include "eyemodel/types/face_sight.h"
#include "ui/eye_scene.h"

namespace yarbus::ui {

/// The 3-D eye, or of a webcam the head with both eyes. Drag to turn, wheel to zoom, double click for the
/// home view; arrow keys, + and - and Home do the same.
class EyeSceneView : public QWidget {
  Q_OBJECT
 public:
  explicit EyeSceneView(QWidget* parent = nullptr);

  void show_sample(GazeSamplePtr sample);
  void show_model(EyeModelPtr model);
  /// Shown until there is a model.
  void set_waiting_text(const QString& text);
  void reset_view();
  [[nodiscard]] const OrbitCamera& camera() const { return camera_; }
  [[nodiscard]] QSize sizeHint() const override { return {400, 340}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {200, 160}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void follow_face();
  void paint_face(QPainter& painter) const;

  EyeScene scene_;
  std::shared_ptr<const FaceSight> face_;  ///< the last that was seen; null: no webcam
  OrbitCamera camera_;
  Eigen::Vector3d framed_center_in_cam_mm_ = Eigen::Vector3d::Zero();
  QString waiting_text_;
  QPointF drag_from_;
};

}  // namespace yarbus::ui
