#pragma once

#include <cstddef>

#include <Eigen/Core>

#include "eyemodel/types/fixed_vector.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// The mirror image of one light on the cornea (first Purkinje image). Frames & units: image, px.
struct Glint {
  Eigen::Vector2d position_px = Eigen::Vector2d::Zero();
  double sigma_px = 0.3;  ///< standard deviation in each direction
};

constexpr std::size_t max_limbus_points = 64;
constexpr std::size_t max_glints = 4;

/// What an image shows of an eye beside the pupil. Either may be empty: a fit then does without.
struct CornealFeatures {
  FixedVector<EdgePoint, max_limbus_points> limbus_points;  ///< where iris and sclera meet
  FixedVector<Glint, max_glints> glints;                    ///< in no order: which light made which is open
};

}  // namespace yarbus
