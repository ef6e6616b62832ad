#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "eyemodel/types/image.h"
#include "eyemodel/types/outline_shape.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

constexpr int profile_reach = 6;      ///< samples beyond the search window on each side
constexpr int max_profile_half = 12;  ///< largest half width of the search window, in samples
constexpr int max_profile_rows = 2 * (max_profile_half + profile_reach) + 1;
constexpr int profile_gray_scale = 4;       ///< a profile value is this many times the gray value
constexpr int smoothed_profile_scale = 16;  ///< of the profiles smoothed along the outline
constexpr int slope_profile_scale = 24 * smoothed_profile_scale;  ///< per sample step

/// Points and outward unit normals evenly spread over the parameter of an outline. Frames & units: image, px.
struct OutlineNormals {
  int count = 0;
  std::array<double, max_edge_points> cos_phi;
  std::array<double, max_edge_points> sin_phi;
  std::array<double, max_edge_points> x_px;
  std::array<double, max_edge_points> y_px;
  std::array<double, max_edge_points> normal_x;
  std::array<double, max_edge_points> normal_y;
  std::array<double, max_edge_points> curvature_per_px;

  void place_on(const OutlineShape& shape, int sample_count);
};

/// One number per offset (row) and normal (column): all normals of one offset lie side by side, so that loops
/// over normals use whole vector registers. Row `j` belongs to the offset (j - middle row) * step along the
/// outward normal.
struct ProfileTable {
  std::array<std::int16_t, static_cast<std::size_t>(max_profile_rows) * max_edge_points> values;
  int columns = 0;  ///< a whole number of vector registers; the columns past the last normal are not read

  std::int16_t* row(int j) { return values.data() + static_cast<std::ptrdiff_t>(j) * columns; }
  [[nodiscard]] const std::int16_t* row(int j) const {
    return values.data() + static_cast<std::ptrdiff_t>(j) * columns;
  }
};

/// Gray profiles across an outline, on all its normals. Frames & units: image, px and gray values times the
/// scales above. Method: bilinear samples; a (1 2 1)/4 mean of neighbouring normals (they follow the outline,
/// so that this does not move the edge); the slope by the seven-tap difference (-1 -3 -3 0 3 3 1)/24, which
/// is that of a Gaussian of variance 1.5 steps^2. No heap. Cost: about 8 us for 128 normals and 17 offsets.
struct EdgeProfiles {
  int count = 0;
  int half = 0;  ///< of the search window, in samples
  int step_px = 1;
  ProfileTable raw;
  ProfileTable smoothed;
  ProfileTable slope;  ///< valid from row profile_reach - 3 to the same from the end
  std::array<std::int16_t, max_edge_points> peak;        ///< offset in samples, or no_peak
  std::array<std::int16_t, max_edge_points> peak_slope;  ///< scaled; 0 without a peak

  static constexpr std::int16_t no_peak = INT16_MIN;
  [[nodiscard]] int middle() const { return half + profile_reach; }
  [[nodiscard]] int rows() const { return 2 * middle() + 1; }

  void sample(GrayView image, const OutlineNormals& normals, int half_in_samples, int step);
  /// The steepest dark-to-bright place of each profile inside the window; nearer ones are preferred.
  void find_peaks(float min_slope_gray_per_px);
};

}  // namespace yarbus
