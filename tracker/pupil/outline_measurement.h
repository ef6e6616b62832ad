#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "eyemodel/types/image.h"
#include "eyemodel/types/outline_shape.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// What the image shows along one outward normal of an outline.
struct OutlineSample {
  enum class Kind : std::uint8_t { edge, no_edge, glint, outside_image };
  Kind kind = Kind::no_edge;
  double cos_phi = 1.0;
  double sin_phi = 0.0;
  float offset_px = 0.0F;  ///< from the outline to the edge, positive outwards
  float sigma_px = 0.0F;   ///< standard deviation of offset_px that the image's noise causes
  float weight = 1.0F;     ///< 0..1: how much the edge looks like the outline's others
  float slope_gray_per_px = 0.0F;
  float inside_gray = 0.0F;     ///< level just inside the edge
  float outside_gray = 0.0F;    ///< level just outside it
  float brightest_gray = 0.0F;  ///< near the edge, for telling glints
};

/// An outline's samples with their common levels.
struct OutlineMeasurement {
  std::array<OutlineSample, max_edge_points> samples;
  std::size_t count = 0;
  float inside_gray = 0.0F;   ///< median over the edges
  float outside_gray = 0.0F;  ///< median over the edges
  float slope_gray_per_px = 0.0F;
  float glint_gray = 255.0F;  ///< from here on a pixel is a reflection
  float noise_gray = 0.0F;    ///< of a bilinear sample, beside the outline
  /// Variance of a mean over many samples, in variances of one sample over their number: above 1 because
  /// neighbours share pixels.
  float shared_noise_factor = 1.0F;

  [[nodiscard]] std::span<const OutlineSample> view() const { return {samples.data(), count}; }
};

/// Looks for the dark-to-bright edge along the normals of an outline.
/// Frames & units: image, px. Method: the steepest place of smoothed profiles (edge_profiles.h; nearer ones
/// preferred), located by edge_locator.h, corrected for the two things that move it: the edge's curvature and
/// a ramp of the gray outside it. Normals on or beside a reflection are marked, not measured. Windows of more
/// than 12 px are sampled every second or third px. No heap. Cost: about 18 us for 128 normals.
void measure_outline(GrayView image, const OutlineShape& shape, double half_width_px, int sample_count,
                     float min_slope_gray_per_px, OutlineMeasurement& measurement);

}  // namespace yarbus
