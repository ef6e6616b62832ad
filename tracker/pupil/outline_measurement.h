#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "eyemodel/types/image.h"
#include "eyemodel/types/pupil_observation.h"
#include "tracker/pupil/ellipse_fit.h"

namespace yarbus {

/// What the image shows along one outward normal of an outline.
struct OutlineSample {
  enum class Kind : std::uint8_t { edge, no_edge, glint, outside_image };
  Kind kind = Kind::no_edge;
  double cos_phi = 1.0;
  double sin_phi = 0.0;
  float offset_px = 0.0F;  ///< from the outline to the edge, positive outwards
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

  [[nodiscard]] std::span<const OutlineSample> view() const { return {samples.data(), count}; }
};

/// Looks for the dark-to-bright edge along the normals of an outline.
/// Frames & units: image, px. Method: profiles of bilinear samples 1 px apart, averaged with their neighbours
/// along the outline; the edge is the peak of the slope (nearer peaks preferred), located at the slope's
/// centroid, which has no bias under symmetric blur. Normals on or beside a reflection are marked, not
/// measured. No heap.
void measure_outline(GrayView image, const OutlineShape& shape, double half_width_px, int sample_count,
                     float min_slope_gray_per_px, OutlineMeasurement& measurement);

/// Measures and moves the outline until it rests on the edges, with shrinking windows. Returns the residual
/// sigma (px) of the last move, or nullopt when the image does not hold an ellipse there. No heap.
std::optional<double> refine_outline(GrayView image, OutlineShape& shape, double first_half_width_px,
                                     int passes, int sample_count, float min_slope_gray_per_px,
                                     OutlineMeasurement& measurement);

}  // namespace yarbus
