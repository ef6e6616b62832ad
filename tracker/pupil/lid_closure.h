#pragma once

#include <optional>

#include "eyemodel/types/image.h"
#include "eyemodel/types/outline_shape.h"

namespace yarbus {

/// Share of a pupil's height that a lid covers: 0 open, 1 nothing dark is left where the pupil is.
/// Frames & units: image, px. Method: along upright chords of the outline, what lies between the first and
/// the last pixel darker than `dark_limit_gray` is open; the median over the chords. A reflection inside does
/// not count as lid, a lid may come from above or below. Errors: nullopt if less than half of the outline is
/// in the image. No heap. Cost: about 3 us.
std::optional<double> lid_closure(GrayView image, const OutlineShape& pupil, double dark_limit_gray);

}  // namespace yarbus
