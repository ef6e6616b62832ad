#pragma once

#include <QFont>
#include <QPainter>
#include <QPalette>
#include <QRectF>

#include "eyemodel/types/gaze_sample.h"
#include "ui/orbit_camera.h"

namespace yarbus::ui {

/// What the 3-D view shows: the model, and the pose of the moment if there is one.
struct EyeScene {
  EyeModelPtr model;     ///< null: nothing to show yet
  GazeSamplePtr sample;  ///< its pose is drawn
};

/// Points the camera at the eye and the real camera in front of it.
void frame_scene(OrbitCamera& camera, const EyeScene& scene);

/// Paints eyeball, pupil disc, gaze ray, in stage `refraction` the cornea and the cone that holds the gaze
/// with 68 % probability, camera frustum, the discs the model rests on, and a scale bar. Method: painter's
/// algorithm; what lies behind the eyeball's front goes first and shines through. Threads: any, one painter
/// each.
void paint_eye_scene(QPainter& painter, const QRectF& area, const OrbitCamera& camera, const EyeScene& scene,
                     const QPalette& palette);

}  // namespace yarbus::ui
