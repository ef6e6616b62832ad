#pragma once

#include <span>

#include "calibration/mapping/fit_mappers.h"

namespace yarbus {

/// As fit_mappers(), for samples with a face; those without one are passed over. Candidates: geometric,
/// appearance process, stacked (the average of the others with weights that the targets left out would have
/// had best), tangent distance, ridge, and the mean target, which is only compared.
/// Method: leave-one-target-out cross-validation over single frames; a target's error is the mean of its
/// frames', since that is what is asked of a webcam. What the stack comes to is measured with weights from
/// the other targets. Cost: 1.5 s for 13 targets of 30 frames. Deterministic. Errors: those of
/// collect_face_targets() and fit_webcam_geometry(); invalid_option for a mapper that there is not.
Result<MapperChoice> fit_webcam_mappers(std::span<const CalibrationSample> samples,
                                        const ScreenGeometry& screen, const MapperOptions& options = {});

}  // namespace yarbus
