#include "tracker/pupil/edge_noise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace yarbus {
namespace {

constexpr float least_noise_gray = 0.2F;    // an eight-bit pixel's own rounding, interpolated
constexpr float median_to_sigma = 1.4826F;  // of absolute values of a Gaussian
constexpr int near_row = 3;                 // rows beside the outline that are looked at
constexpr int far_row = 5;
constexpr double independent_px = 1.8;     // farther apart, interpolated samples share no pixels to speak of
constexpr double least_row_radius = 0.45;  // rows nearer the middle of a small outline say little
constexpr float bend_gain = 2.449F;        // of independent noise: the root of 1 + 4 + 1
constexpr double interpolation_length_px = 1.5;  // noise is the same over this length, in effect

}  // namespace

/// The cubic B-spline over its middle.
double interpolation_correlation(double distance_px) {
  const double d = std::abs(distance_px);
  if (d >= 2.0) return 0.0;
  if (d >= 1.0) return (2.0 - d) * (2.0 - d) * (2.0 - d) / 4.0;
  return 1.0 - 1.5 * d * d + 0.75 * d * d * d;
}

EdgeNoise measure_edge_noise(const EdgeProfiles& profiles, double radius_px) {
  const double spacing_px = 2.0 * std::numbers::pi * radius_px / profiles.count;
  constexpr int bins = 512;
  std::array<std::uint16_t, bins> histogram{};
  int counted = 0;
  std::array<std::int16_t, max_edge_points> bend;
  for (int k = -far_row; k <= far_row; ++k) {
    const double row_radius = 1.0 + k * profiles.step_px / radius_px;  // in outlines
    if (std::abs(k) < near_row || row_radius < least_row_radius) continue;
    // Normals closer than this share the pixels they are interpolated from, and differ less than noise does.
    const int apart = std::clamp(static_cast<int>(std::ceil(independent_px / (spacing_px * row_radius))), 1,
                                 profiles.count / 4);
    const std::int16_t* row = profiles.raw.row(profiles.middle() + k);
    const int last = profiles.count - apart;
    for (int i = apart; i < last; ++i)
      bend[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(
          std::min(std::abs(row[i - apart] - 2 * row[i] + row[i + apart]), bins - 1));
    for (int i = apart; i < last; ++i)
      ++histogram[static_cast<std::size_t>(bend[static_cast<std::size_t>(i)])];
    counted += last - apart;
  }
  float median = 0.0F;
  float below = 0.0F;
  for (int bin = 0; bin < bins; ++bin) {
    const auto here = static_cast<float>(histogram[static_cast<std::size_t>(bin)]);
    if (below + here >= 0.5F * static_cast<float>(counted)) {
      median = static_cast<float>(bin) - 0.5F + (0.5F * static_cast<float>(counted) - below) / here;
      break;
    }
    below += here;
  }
  const double next = interpolation_correlation(spacing_px);
  const double second = interpolation_correlation(2.0 * spacing_px);
  const double smoothing_variance = (6.0 + 8.0 * next + 2.0 * second) / 16.0;
  EdgeNoise noise;
  noise.noise_gray =
      std::max(least_noise_gray, median_to_sigma * std::max(0.0F, median) / profile_gray_scale / bend_gain);
  noise.smoothing_gain = static_cast<float>(std::sqrt(smoothing_variance));
  noise.shared_noise_factor =
      static_cast<float>(std::max(1.0, interpolation_length_px / spacing_px) / smoothing_variance);
  return noise;
}

}  // namespace yarbus
