#pragma once

#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/outline_shape.h"

namespace yarbus {

/// Where the next pupil is expected and how surely: the last outline or an eye model's prediction.
/// Frames & units: image as captured, px. The covariance is what may have changed until the next frame, eye
/// movement included; a saccade may exceed it, so it guides the search and steadies the shape of a pupil that
/// is partly hidden, but never stands in for what the image shows.
struct PupilPrior {
  Ellipse ellipse;
  OutlineCovariance covariance_px2 = OutlineCovariance::Identity();
};

}  // namespace yarbus
