#pragma once

#include <optional>

#include "eyemodel/types/image.h"
#include "eyemodel/types/outline_shape.h"
#include "eyemodel/types/pupil_prior.h"
#include "tracker/pupil/outline_measurement.h"
#include "tracker/pupil/outline_step.h"

namespace yarbus {

/// Measures and moves the outline until it rests on the edges, with shrinking windows; then `measurement` is
/// that of the moved outline (the levels are those a fraction of a pixel beside it). At least `passes`
/// measurements; up to two more while the outline still moves by more than a third of a pixel.
/// Frames & units: image, px. Method: measure_outline, then move_outline. With a prior the wrong edges may be
/// in the majority: the first move starts from the shift that most edges agree on, and what is hidden is
/// filled in by the prior's covariance. Errors: nullopt when the image does not hold an ellipse there. No
/// heap. Cost: about 45 us for 128 normals and two passes.
std::optional<OutlineFit> refine_outline(GrayView image, OutlineShape& shape, double first_half_width_px,
                                         int passes, int sample_count, float min_slope_gray_per_px,
                                         OutlineMeasurement& measurement, const PupilPrior* prior = nullptr);

}  // namespace yarbus
