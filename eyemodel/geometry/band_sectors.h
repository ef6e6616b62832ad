#pragma once

#include <array>
#include <optional>

#include "eyemodel/geometry/band_contrast.h"
#include "eyemodel/geometry/undistort.h"
#include "eyemodel/types/outline_shape.h"

namespace yarbus {

/// What the bands along an outline say of where it should lie, sector by sector. Sectors are even in the
/// outline's own parameter and centred at point_at(2 pi k / count).
struct BandSectors {
  static constexpr int count = 24;
  /// How fast the whole contrast falls as the outline moves along its normals by a distance d:
  /// contrast = most - curvature d^2 / 2.
  double curvature_gray_per_px2 = 0.0;
  /// Outward, to where the contrast across this sector alone would be greatest: one Newton step, with the
  /// whole outline's curvature. Absent where less than a third of its bands holds pixels.
  std::array<std::optional<double>, count> displacement_px;
};

/// `outline` must be positive definite; weights, glints and bands as in band_contrast(). Frames & units:
/// image of the patch, px. Errors: nullopt if a band holds nothing, or if the contrast is no hill across the
/// outline (curvature not above zero). Threads: concurrent-safe. No heap.
std::optional<BandSectors> band_sectors(const OutlineShape& outline, const ImagePatch& patch,
                                        const BandContrastOptions& options);

}  // namespace yarbus
