#pragma once

#include <Eigen/Core>

#include "eyemodel/geometry/undistort.h"
#include "eyemodel/types/ellipse.h"

namespace yarbus {

/// The bands on either side of an outline over which brightness is averaged.
struct BandContrastOptions {
  double inner_band_px = 5.0;      ///< width of the band inside the outline
  double outer_band_px = 5.0;      ///< of the band outside
  double soft_step_px = 1.0;       ///< half-width of the soft step between them
  int glint_threshold_gray = 220;  ///< pixels at or above are ignored
};

/// What a person may set of the bands.
struct BandSettings {
  double width_px = 1.5;           ///< mean of the inner and the outer band's
  int glint_threshold_gray = 220;  ///< pixels at or above are ignored
};

/// Bands of the settings' width on average that are equally large around `outline`: the inner one a little
/// wider. Two bands of one width are not, and then the contrast is greatest a little inside the true edge (by
/// about a tenth of a pixel for a pupil of 40 px), because what crosses the outline weighs more in the
/// smaller band.
BandContrastOptions balanced_bands(const Ellipse& outline, const BandSettings& settings);

/// Mean brightness of the outer band minus that of the inner one, and its derivative by the conic's
/// coefficients.
struct BandContrast {
  double contrast_gray = 0.0;
  Eigen::Matrix<double, 6, 1> by_conic = Eigen::Matrix<double, 6, 1>::Zero();
  bool is_valid =
      false;  ///< false if either band holds too few pixels; contrast and derivative are then zero
};

/// Region contrast across an outline (Swirski & Dodgson 2013, eqs. 16-21): with d the signed distance of a
/// pixel to the outline and H a soft step, the inner weights are H(d + w) - H(d), the outer ones H(d) - H(d -
/// w), and the contrast is the difference of the weighted means. `conic` = A, B, C, D, E, F of A x^2 + 2B xy
/// + C y^2 + 2D x + 2E y + F in image px, negative inside. d is Sampson's distance. Threads: concurrent-safe.
/// No heap.
BandContrast band_contrast(const Eigen::Matrix<double, 6, 1>& conic, const ImagePatch& patch,
                           const BandContrastOptions& options);

}  // namespace yarbus
