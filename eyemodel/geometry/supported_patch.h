#pragma once

#include <Eigen/Core>

#include "eyemodel/geometry/undistort.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// Only those sectors about the pupil's centre keep their pixels in which the observation's edge points bear
/// out an outline (lie within `tolerance_px` of it); the others become white, as glints are, and glints are
/// ignored; pixels further than `reach_px` from it are left as they are. A lid that cuts the pupil, or lashes
/// before it, so have no say in the region contrast. With fewer than 6 edge points there is nothing to go by:
/// all sectors are kept. `outline`: its conic, as band_contrast() takes it. Returns the share of sectors
/// kept. No heap.
double keep_supported_sectors(ImagePatch& patch, const PupilObservation& observation,
                              const Eigen::Matrix<double, 6, 1>& outline, double tolerance_px,
                              double reach_px);

}  // namespace yarbus
