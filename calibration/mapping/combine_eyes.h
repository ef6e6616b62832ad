#pragma once

#include <array>

#include <Eigen/Core>

#include "calibration/mapping/gaze_mapper.h"

namespace yarbus {

/// One point from two (right eye first). Frames & units: screen, mm. Method: each eye weighs by the inverse
/// of its own covariance, so that no weight is negative; the covariance of the result follows from the whole
/// 4x4 covariance, in which the eyes' errors go together. No heap.
GazePoint combine_eyes(const std::array<Eigen::Vector2d, 2>& points_in_screen_mm,
                       const Eigen::Matrix4d& covariance_mm2);

/// How many times the usual noise variance (0.25 to 16) a ray has by its own statement; 1 where either is not
/// stated.
double noise_ratio(const EyeRay& ray, double usual_variance_rad2);

}  // namespace yarbus
