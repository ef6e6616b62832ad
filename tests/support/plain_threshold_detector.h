#pragma once

#include <optional>

#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/image.h"

namespace yarbus::test {

/// The pupil as a plain program finds it: smooth, threshold, largest contour, ellipse. A yardstick for how
/// hard a picture is. It is meant to do well on clear pupils: small gaps (reflections) are closed, thin dark
/// lines (lashes) opened away, regions that touch the border or cannot be a pupil by their size passed over;
/// of several thresholds (Otsu's within the darkest eighth of the image, and those below which 1 to 8 % of it
/// lie) the one counts whose region fills its ellipse best. nullopt: no region.
std::optional<Ellipse> detect_by_threshold(const GrayView& image);

}  // namespace yarbus::test
