#pragma once

#include <QImage>
#include <QPainter>
#include <QRectF>

#include "eyemodel/types/gaze_sample.h"

namespace yarbus::ui {

/// What to draw over an eye image.
struct OverlayOptions {
  bool pupil_outline = true;
  bool edge_points = false;
  bool eyeball = true;
  bool optical_axis = true;
  /// Of a simulated eye: the true pupil outline and, with `optical_axis`, the true axis; with a legend.
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
