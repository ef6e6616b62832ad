#pragma once

#include <Eigen/Core>

#include "eyemodel/types/face_sight.h"

namespace yarbus {

constexpr int tangent_patch_width = 15;
constexpr int tangent_patch_height = 9;
constexpr int tangent_patch_pixels = tangent_patch_width * tangent_patch_height;
/// A patch that is smoothed and halved, as a vector.
using TangentPatch = Eigen::Matrix<float, tangent_patch_pixels, 1>;

/// Smooths with [1 2 1] twice and takes means of 2 x 2 pixels. No heap.
TangentPatch smooth_patch(const EyePatch& patch);

/// A patch with what small changes do to it: shifts, scale, rotation, brightness and contrast. The distance
/// of another patch to the plane that these span about it is blind to them (Simard, LeCun & Denker 1993,
/// one-sided). No heap.
class FeatureTangentPlane {
 public:
  static constexpr int tangents = 6;
  explicit FeatureTangentPlane(const TangentPatch& patch);
  /// Squared, in gray levels over all pixels.
  [[nodiscard]] float squared_distance(const TangentPatch& other) const;

 private:
  TangentPatch patch_;
  Eigen::Matrix<float, tangent_patch_pixels, tangents> basis_;  ///< orthonormal; zero where there is none
};

}  // namespace yarbus
