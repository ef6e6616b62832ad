#pragma once

#include <QImage>
#include <QPainter>
#include <QRectF>

#include "eyemodel/types/gaze_sample.h"

namespace yarbus::ui {

/// What to draw over an eye image, and over a face's.
struct OverlayOptions {
  bool pupil_outline = true;  ///< of a face: both limbi
  bool edge_points = false;
  bool eyeball = true;       ///< of a face: its square, the eyes' corners and lids
  bool optical_axis = true;  ///< of a face: both eyes' axes and the head's
  /// Of a simulated eye or face: the true outline and, with `optical_axis`, the true axis; with a legend.
  bool true_outline = false;
  bool caption = true;  ///< state in words: confidence, gaze, diameter, or the reason for a miss
};

/// Paints the sample's image and, over it, what the tracker made of it. One routine for the window and the
/// overlay video. Frames & units: image px of the frame mapped to `target` (painter coordinates), aspect
/// ratio kept. Threads: any, one painter each.
void paint_sample(QPainter& painter, const QRectF& target, const GazeSample& sample,
                  const OverlayOptions& options);

/// The frame's pixels as a QImage without a copy; the QImage keeps the frame alive.
QImage wrap_frame(const FramePtr& frame);

}  // namespace yarbus::ui
