#include "ui/eye_scene_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <cmath>

#include "ui/certainty_text.h"
#include "ui/face_scene.h"
#include "ui/report/face_text.h"
#include "ui/report/sample_text.h"
#include "ui/scene_shapes.h"

namespace yarbus::ui {

namespace {
constexpr double drag_rad_per_px = 0.008;
constexpr double key_turn_rad = 0.10;
constexpr double key_zoom = 1.15;
constexpr double least_reframed_mm = 2.0;
constexpr double least_reframed_face_mm = 40.0;
constexpr double wheel_notch = 120.0;  ///< Qt's angle delta of one notch

/// "gaze 3.1° right, 2.0° up, ±0.3°\npupil 3.45 mm\ncone: 68 %"
QString pose_text(const EyePose& pose) {
  const auto sigma_deg = gaze_sigma_deg(pose);
  QString text = "gaze " + gaze_text(pose.gaze_dir_in_cam());
  if (sigma_deg) text += ", " + angle_sigma_text(*sigma_deg);
  text += QString("\npupil %1 mm").arg(pose.pupil_diameter_mm(), 0, 'f', 2);
  if (sigma_deg) text += QString("\ncone: %1 %").arg(100.0 * drawn_share, 0, 'f', 0);
  return text;
}
}  // namespace

EyeSceneView::EyeSceneView(QWidget* parent) : QWidget(parent) {
  setObjectName("eye_scene");
  setAccessibleName("3-D eye");
  setAccessibleDescription(
      "Eyeball, cornea, pupil and gaze in space, with the cone the gaze lies in; of a webcam the head and "
      "both eyes. Arrow keys turn, plus and minus zoom, Home resets.");
  setToolTip("Drag to turn, wheel to zoom, double click to reset. Keys: arrows, + and −, Home.");
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_OpaquePaintEvent);
  setCursor(Qt::OpenHandCursor);
}

void EyeSceneView::show_sample(GazeSamplePtr sample) {
  if (sample == scene_.sample) return;
  scene_.sample = std::move(sample);
  follow_face();
  update();
}

void EyeSceneView::follow_face() {
  if (!scene_.sample || !scene_.sample->face) {
    face_.reset();
    return;
  }
  const IrisPair* pair = iris_pair_of(*scene_.sample);
  if (pair == nullptr || !pair->sight || !is_valid(*pair->sight)) return;
  const bool is_first = face_ == nullptr;
  face_ = pair->sight;
  // As for the eye: the view goes along only when the head has moved enough to be missed.
  const Eigen::Vector3d& head_in_cam_mm = face_->head.cam_from_head.translation_mm;
  if (!is_first && (framed_center_in_cam_mm_ - head_in_cam_mm).norm() < least_reframed_face_mm) return;
  frame_face(camera_, *face_);
  framed_center_in_cam_mm_ = head_in_cam_mm;
}

void EyeSceneView::paint_face(QPainter& painter) const {
  const bool is_seen = iris_pair_of(*scene_.sample) != nullptr;
  paint_face_scene(painter, rect(), camera_, *face_, is_seen, palette());
  const QString text =
      is_seen ? head_text(*scene_.sample).replace(", ", ",\n") : QString("no gaze in this frame");
  painter.setPen(palette().color(QPalette::Text));
  painter.drawText(rect().adjusted(12, 10, -12, -10), Qt::AlignLeft | Qt::AlignTop, text);
}

void EyeSceneView::show_model(EyeModelPtr model) {
  if (model == scene_.model) return;
  // A model is updated several times a second and moves a little each time: the view goes along only when the
  // eye has moved enough to be seen.
  const bool is_near = scene_.model && model && scene_.model->stage == model->stage &&
                       (framed_center_in_cam_mm_ - model->eye_center_in_cam_mm).norm() < least_reframed_mm;
  scene_.model = std::move(model);
  if (scene_.model && !is_near) {
    frame_scene(camera_, scene_);
    framed_center_in_cam_mm_ = scene_.model->eye_center_in_cam_mm;
  }
  update();
}

void EyeSceneView::set_waiting_text(const QString& text) {
  if (text == waiting_text_) return;
  waiting_text_ = text;
  if (!scene_.model) update();
}

void EyeSceneView::reset_view() {
  camera_.reset();
  update();
}

void EyeSceneView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  const QRect inner = rect().adjusted(12, 10, -12, -10);
  if (face_) {
    paint_face(painter);
  } else if (paint_eye_scene(painter, rect(), camera_, scene_, palette()); !scene_.model) {
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(inner, Qt::AlignCenter | Qt::TextWordWrap, waiting_text_);
  } else {
    painter.setPen(palette().color(QPalette::Text));
    const bool has_pose = scene_.sample && scene_.sample->pose && !scene_.sample->in_blink;
    const QString text = has_pose ? pose_text(*scene_.sample->pose) : QString("no gaze in this frame");
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignTop, text);
  }
  if (hasFocus()) {
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2.0));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
  }
}

void EyeSceneView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  drag_from_ = event->position();
  setCursor(Qt::ClosedHandCursor);
}

void EyeSceneView::mouseMoveEvent(QMouseEvent* event) {
  if (!(event->buttons() & Qt::LeftButton)) return;
  const QPointF moved = event->position() - drag_from_;
  drag_from_ = event->position();
  // The scene follows the hand.
  camera_.orbit(-moved.x() * drag_rad_per_px, moved.y() * drag_rad_per_px);
  update();
}

void EyeSceneView::mouseReleaseEvent(QMouseEvent* /*event*/) { setCursor(Qt::OpenHandCursor); }

void EyeSceneView::mouseDoubleClickEvent(QMouseEvent* /*event*/) { reset_view(); }

void EyeSceneView::wheelEvent(QWheelEvent* event) {
  camera_.zoom(std::pow(key_zoom, event->angleDelta().y() / wheel_notch));
  event->accept();
  update();
}

void EyeSceneView::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Left:
      camera_.orbit(key_turn_rad, 0.0);
      break;
    case Qt::Key_Right:
      camera_.orbit(-key_turn_rad, 0.0);
      break;
    case Qt::Key_Up:
      camera_.orbit(0.0, -key_turn_rad);
      break;
    case Qt::Key_Down:
      camera_.orbit(0.0, key_turn_rad);
      break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      camera_.zoom(key_zoom);
      break;
    case Qt::Key_Minus:
      camera_.zoom(1.0 / key_zoom);
      break;
    case Qt::Key_Home:
      camera_.reset();
      break;
    default:
      QWidget::keyPressEvent(event);
      return;
  }
  update();
}

}  // namespace yarbus::ui
