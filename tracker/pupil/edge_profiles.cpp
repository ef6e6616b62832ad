#include "tracker/pupil/edge_profiles.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace yarbus {
namespace {

constexpr int vector_lanes = 16;
constexpr float far_peak_discount = 0.6F;  // a peak at the end of the window counts this much less

constexpr int fixed_bits = 16;  // of positions
constexpr double fixed_one = 1 << fixed_bits;

std::int32_t to_fixed(double value) { return static_cast<std::int32_t>(std::lround(value * fixed_one)); }

/// Bilinear sample at a fixed-point position inside the image, times profile_gray_scale. The fraction has
/// eight bits.
std::int16_t sample_inside(GrayView image, std::int32_t x, std::int32_t y) {
  const std::uint8_t* upper = image.row(y >> fixed_bits) + (x >> fixed_bits);
  const std::uint8_t* lower = upper + image.stride_bytes;
  const int fx = (x >> (fixed_bits - 8)) & 255;
  const int fy = (y >> (fixed_bits - 8)) & 255;
  const int top = (upper[0] << 8) + fx * (upper[1] - upper[0]);
  const int bottom = (lower[0] << 8) + fx * (lower[1] - lower[0]);
  return static_cast<std::int16_t>(((top << 8) + fy * (bottom - top) + (1 << 13)) >> 14);
}

/// The same anywhere; positions outside take the nearest border value.
std::int16_t sample_clamped(GrayView image, std::int32_t x, std::int32_t y) {
  const std::int32_t last_x = ((image.width_px - 1) << fixed_bits) - 1;
  const std::int32_t last_y = ((image.height_px - 1) << fixed_bits) - 1;
  return sample_inside(image, std::clamp(x, 0, last_x), std::clamp(y, 0, last_y));
}

}  // namespace

void OutlineNormals::place_on(const OutlineShape& shape, int sample_count) {
  YARBUS_CHECK_OP(sample_count, >=, 6);
  YARBUS_CHECK_OP(sample_count, <=, static_cast<int>(max_edge_points));
  count = sample_count;
  // The unit circle by turning on and on; what rounding adds up to over 256 turns is below 1e-13.
  const double turn = 2.0 * std::numbers::pi / sample_count;
  const double turn_cos = std::cos(turn);
  const double turn_sin = std::sin(turn);
  double c = 1.0;
  double s = 0.0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    cos_phi[i] = c;
    sin_phi[i] = s;
    const double next = c * turn_cos - s * turn_sin;
    s = s * turn_cos + c * turn_sin;
    c = next;
  }
  const double xx = shape.s_xx_px;
  const double xy = shape.s_xy_px;
  const double yy = shape.s_yy_px;
  const double determinant = xx * yy - xy * xy;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    x_px[i] = shape.center_px.x() + xx * cos_phi[i] + xy * sin_phi[i];
    y_px[i] = shape.center_px.y() + xy * cos_phi[i] + yy * sin_phi[i];
    // The normal is S^-1 u, whose length before normalising also gives the curvature: det S / |dx/dphi|^3.
    const double nx = yy * cos_phi[i] - xy * sin_phi[i];
    const double ny = xx * sin_phi[i] - xy * cos_phi[i];
    const double inverse_length = 1.0 / std::sqrt(nx * nx + ny * ny);
    normal_x[i] = nx * inverse_length;
    normal_y[i] = ny * inverse_length;
    curvature_per_px[i] = determinant * inverse_length * inverse_length * inverse_length;
  }
}

void EdgeProfiles::sample(GrayView image, const OutlineNormals& normals, int half_in_samples, int step) {
  YARBUS_CHECK_OP(half_in_samples, >=, 2);
  YARBUS_CHECK_OP(half_in_samples, <=, max_profile_half);
  count = normals.count;
  half = half_in_samples;
  step_px = step;
  const int columns = (count + vector_lanes - 1) / vector_lanes * vector_lanes;
  raw.columns = smoothed.columns = slope.columns = columns;
  const int row_count = rows();
  const double reach_px = static_cast<double>(middle()) * step;
  constexpr double margin_px = 0.01;  // more than the steps' rounding adds up to
  const double max_x = image.width_px - 1 - margin_px;
  const double max_y = image.height_px - 1 - margin_px;
  constexpr std::int32_t half_of_last_bit = 1 << (fixed_bits - 9);
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double nx = normals.normal_x[at];
    const double ny = normals.normal_y[at];
    const double x0 = normals.x_px[at] - reach_px * nx;
    const double y0 = normals.y_px[at] - reach_px * ny;
    const double x1 = normals.x_px[at] + reach_px * nx;
    const double y1 = normals.y_px[at] + reach_px * ny;
    const bool inside = std::min(x0, x1) >= margin_px && std::min(y0, y1) >= margin_px &&
                        std::max(x0, x1) < max_x && std::max(y0, y1) < max_y;
    const std::int32_t dx = to_fixed(step * nx);
    const std::int32_t dy = to_fixed(step * ny);
    std::int16_t* out = raw.row(0) + i;
    if (inside) {
      std::int32_t x = to_fixed(x0) + half_of_last_bit;
      std::int32_t y = to_fixed(y0) + half_of_last_bit;
      for (int j = 0; j < row_count; ++j, x += dx, y += dy, out += columns) *out = sample_inside(image, x, y);
    } else {
      constexpr double far_px = 16000.0;  // keeps the fixed-point numbers in range
      std::int32_t x = to_fixed(std::clamp(x0, -far_px, far_px)) + half_of_last_bit;
      std::int32_t y = to_fixed(std::clamp(y0, -far_px, far_px)) + half_of_last_bit;
      for (int j = 0; j < row_count; ++j, x += dx, y += dy, out += columns)
        *out = sample_clamped(image, x, y);
    }
  }
  for (int j = 0; j < row_count; ++j) {
    const std::int16_t* in = raw.row(j);
    std::int16_t* out = smoothed.row(j);
    const int last = count - 1;
    out[0] = static_cast<std::int16_t>(in[last] + 2 * in[0] + in[1]);
    for (int i = 1; i < last; ++i) out[i] = static_cast<std::int16_t>(in[i - 1] + 2 * in[i] + in[i + 1]);
    out[last] = static_cast<std::int16_t>(in[last - 1] + 2 * in[last] + in[0]);
  }
  for (int j = 3; j + 3 < row_count; ++j) {
    const std::int16_t* m3 = smoothed.row(j - 3);
    const std::int16_t* m2 = smoothed.row(j - 2);
    const std::int16_t* m1 = smoothed.row(j - 1);
    const std::int16_t* p1 = smoothed.row(j + 1);
    const std::int16_t* p2 = smoothed.row(j + 2);
    const std::int16_t* p3 = smoothed.row(j + 3);
    std::int16_t* out = slope.row(j);
    for (int i = 0; i < count; ++i)
      out[i] = static_cast<std::int16_t>(3 * (p1[i] - m1[i] + p2[i] - m2[i]) + p3[i] - m3[i]);
  }
}

void EdgeProfiles::find_peaks(float min_slope_gray_per_px) {
  const float scaled_min = min_slope_gray_per_px * static_cast<float>(slope_profile_scale * step_px);
  const auto floor = static_cast<std::int16_t>(std::clamp(scaled_min, 1.0F, 32000.0F));
  std::array<std::int16_t, max_edge_points> best{};
  std::array<std::int16_t, max_edge_points> best_slope{};
  std::array<std::int16_t, max_edge_points> best_offset;
  best_offset.fill(no_peak);
  for (int j = -half; j <= half; ++j) {
    const std::int16_t* before = slope.row(middle() + j - 1);
    const std::int16_t* here = slope.row(middle() + j);
    const std::int16_t* after = slope.row(middle() + j + 1);
    const float distance = static_cast<float>(j) / static_cast<float>(half);
    const auto keep = static_cast<std::int16_t>(32767.0F * (1.0F - far_peak_discount * distance * distance));
    const auto offset = static_cast<std::int16_t>(j);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      // Whole numbers and masks only, so that the loop becomes vector code.
      const std::int16_t value = static_cast<std::int16_t>((here[i] * keep) >> 16);
      const std::int16_t highest = std::max(std::max(before[i], after[i]), floor);
      const std::int16_t chosen = here[i] >= highest ? value : std::int16_t{0};
      const bool better = chosen > best[i];
      best[i] = better ? chosen : best[i];
      best_offset[i] = better ? offset : best_offset[i];
      best_slope[i] = better ? here[i] : best_slope[i];
    }
  }
  peak = best_offset;
  peak_slope = best_slope;
}

}  // namespace yarbus
