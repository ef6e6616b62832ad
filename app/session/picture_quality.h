#pragma once

#include "app/session/camera_preview_control.h"

namespace yarbus {

/// Judges focus and exposure within an area.
/// Frames & units: image (px, gray levels) -> shares and ratios. Method: 3x3 binomial smoothing against
/// sensor noise, then var(Laplacian) / var(gray); exposure by the shares of black and white pixels and the
/// 95th percentile. An area smaller than 16 px a side is widened to the whole picture. Errors: none; an empty
/// picture gives the default.
/// Threads: any. Cost: about 3 ms for 640x480; allocates.
PictureQuality judge_picture(GrayView picture, const PictureArea& area);

/// The largest share of white pixels that is not overexposed: glints of the lights are smaller.
constexpr double most_white_share = 0.03;
/// A picture whose 95th percentile is below this gray level is too dark.
constexpr int least_bright_gray = 64;

}  // namespace yarbus
