#pragma once

#include <QPainter>

#include "eyemodel/types/face_truth.h"
#include "eyemodel/types/iris_pair.h"
#include "ui/report/image_marks.h"
#include "ui/report/overlay.h"

namespace yarbus::ui {

/// Paints what was found of a face over its image: both limbi (dotted, and without axis, where unsure), the
/// edge points they rest on, the eyes' corners and lids, the face's square (dashed where there is no gaze),
/// both eyes' axes and the head's. Method: axes are drawn in weak perspective at the size of the iris, so
/// that no intrinsics are needed.
void paint_face(QPainter& painter, const ImageMap& map, const FaceOutcome& outcome,
                const OverlayOptions& options, double width);

/// Of a simulated face: the true limbi of the eyes that can be seen and, with `optical_axis`, their axes.
void paint_face_truth(QPainter& painter, const ImageMap& map, const FaceTruth& truth,
                      const OverlayOptions& options, double width);

}  // namespace yarbus::ui
