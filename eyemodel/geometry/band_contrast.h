#pragma once

#include <Eigen/Core>

#include "eyemodel/geometry/undistort.h"

namespace yarbus {

/// The bands on either side of an outline over which brightness is averaged.
struct BandContrastOptions {
  double band_px = 5.0;            ///< width of each band
  double soft_step_px = 1.0;       ///< half-width of the soft step between them
  int glint_threshold_gray = 220;  ///< pixels at or above are ignored
};

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
