#pragma once

#include <QPainter>
#include <QPalette>
#include <QRectF>

#include "eyemodel/types/face_sight.h"
#include "ui/orbit_camera.h"

namespace yarbus::ui {

/// Points the camera at the head, with room for where the eyes look.
void frame_face(OrbitCamera& camera, const FaceSight& face);

/// Paints a head before a webcam: the skull as a faint wire figure, where it faces, both eyeballs with iris
/// and optical axis, and where the camera is. `shows_eyes`: false in a frame that shows none. Method:
/// painter's algorithm, the farther eye first. Threads: any, one painter each.
void paint_face_scene(QPainter& painter, const QRectF& area, const OrbitCamera& camera, const FaceSight& face,
                      bool shows_eyes, const QPalette& palette);

}  // namespace yarbus::ui
