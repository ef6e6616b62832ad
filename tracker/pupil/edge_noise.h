#pragma once

#include "tracker/pupil/edge_profiles.h"

namespace yarbus {

/// What the image's noise does to edges measured on these profiles.
struct EdgeNoise {
  float noise_gray = 0.0F;      ///< standard deviation of one bilinear sample
  float smoothing_gain = 1.0F;  ///< noise of a profile smoothed along the outline, over noise_gray
  /// Variance of a mean over many normals, in variances of one normal over their number: neighbours share
  /// pixels through the interpolation and the smoothing along the outline.
  float shared_noise_factor = 1.0F;
};

/// Correlation of two bilinear samples of white pixel noise, averaged over their places between pixels.
double interpolation_correlation(double distance_px);

/// Frames & units: gray values; `radius_px` of the outline (mean). Method: the median second difference of
/// neighbouring normals beside the outline, three to five samples off it on both sides; what changes evenly
/// along the outline (shading, an outline that is off) cancels. No heap.
EdgeNoise measure_edge_noise(const EdgeProfiles& profiles, double radius_px);

}  // namespace yarbus
