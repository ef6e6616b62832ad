#pragma once

#include <optional>

#include <Eigen/Core>

#include "eyemodel/types/image.h"
#include "tracker/face/eye_frame.h"

namespace yarbus {

/// The middle of an iris without a network: where the gradients of a dark disc meet. For comparison, and for
/// a camera whose images the network does not know.
/// Method: means of gradients (Timm & Barth 2011): the place c that maximises the mean of (d . g)^2 over
/// strong gradients g, d being the unit vector from c, weighted by how dark the place is; only gradients
/// that point outwards count. On a reduced cut of the eye, then refined by a parabola. Frames & units: image
/// as captured, px; the place is about the middle of the eye's corners. Errors: nullopt if the cut shows
/// nothing round. Cost: about 1 ms.
std::optional<Eigen::Vector2d> vote_for_iris(const GrayView& image, const EyeFrame& place);

}  // namespace yarbus
