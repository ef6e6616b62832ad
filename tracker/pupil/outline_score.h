#pragma once

#include "eyemodel/types/image.h"
#include "tracker/pupil/outline_measurement.h"
#include "tracker/pupil/pupil_detection_trace.h"

namespace yarbus {

/// How far an edge may lie from an outline of this mean radius and still support it: real pupils are not
/// exact ellipses.
double support_tolerance_px(double mean_radius_px);

/// Says how well the image supports an outline as a pupil's.
/// Frames & units: image, px. `measurement` must be of this shape. Method: see docs/pupil-detection.md. No
/// heap.
OutlineScore score_outline(GrayView image, const OutlineShape& shape, const OutlineMeasurement& measurement,
                           double noise_gray, double image_dark_gray);

}  // namespace yarbus
