#pragma once

#include <optional>
#include <span>

#include "calibration/mapping/webcam/face_frames.h"
#include "calibration/mapping/webcam/lid_model.h"

namespace yarbus {

struct WebcamGeometry;

/// Fits how the lids follow the eyes, whose axes follow from the targets and a geometry.
/// Method: Bayesian linear regression over the bundles with the population's slopes as prior (the upper lid
/// goes along by two thirds, the lower by a quarter: Becker & Fuchs 1988); the noise is that of single frames
/// with what a lid does from target to target. nullopt for fewer than 3 targets.
std::optional<LidModel> fit_lids(std::span<const FaceTarget> targets, std::span<const FaceBundle> bundles,
                                 const WebcamGeometry& geometry);

}  // namespace yarbus
