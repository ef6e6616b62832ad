#include "tracker/pupil/outline_measurement.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tracker/pupil/sample_bilinear.h"

namespace yarbus {
namespace {

constexpr int level_reach = 4;  // levels are read 2 to 4 px beside the edge
constexpr int max_half_width = 24;
constexpr int profile_capacity = 2 * (max_half_width + level_reach) + 1;
constexpr float far_peak_discount = 0.6F;  // a peak at the end of the window counts this much less
constexpr float centroid_floor = 0.3F;     // share of the peak slope down to which the centroid gathers
constexpr float glint_step_factor =
    1.0F;  // a reflection exceeds the surround by this many outline contrasts ...
constexpr float min_glint_step_gray = 30.0F;  // ... and by this much
constexpr float max_glint_gray = 250.0F;      // saturated pixels always are
constexpr double glint_margin_px = 2.0;       // normals this close to a reflection are not trusted either
constexpr double min_sigma_px = 0.15;
constexpr double slope_filter_variance = 0.5 + 1.0 / 3.0;  // of (1 2 1)/4 and of a difference over 2 px
constexpr double max_blur_variance = 9.0;                  // beyond it the contrast is not that of one edge

using Profile = std::array<float, profile_capacity>;

float median_of(std::span<float> values) {
  if (values.empty()) return 0.0F;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

struct Angle {
  double cos_phi;
  double sin_phi;
};

/// The unit circle in max_edge_points steps; an outline takes every n-th of them.
const std::array<Angle, max_edge_points>& unit_circle() {
  static const auto table = [] {
    std::array<Angle, max_edge_points> angles{};
    for (std::size_t i = 0; i < max_edge_points; ++i) {
      const double angle =
          2.0 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(max_edge_points);
      angles[i] = {std::cos(angle), std::sin(angle)};
    }
    return angles;
  }();
  return table;
}

/// Finds the edge in one averaged profile whose middle is the outline.
void locate_edge(const Profile& profile, int half_width, float min_slope, OutlineSample& sample) {
  const int middle = half_width + level_reach;
  const auto slope = [&](int j) {
    const auto at = static_cast<std::size_t>(middle + j);
    return (profile[at + 2] + 2.0F * profile[at + 1] - 2.0F * profile[at - 1] - profile[at - 2]) / 8.0F;
  };
  int peak = 0;
  float best = 0.0F;
  for (int j = -half_width; j <= half_width; ++j) {
    const float here = slope(j);
    if (here < min_slope || here < slope(j - 1) || here < slope(j + 1)) continue;
    const float distance = static_cast<float>(j) / static_cast<float>(half_width);
    const float value = here * (1.0F - far_peak_discount * distance * distance);
    if (value > best) {
      best = value;
      peak = j;
    }
  }
  sample.kind = best > 0.0F ? OutlineSample::Kind::edge : OutlineSample::Kind::no_edge;
  sample.brightest_gray = 0.0F;
  const int from = best > 0.0F ? peak - 3 : -3;
  const int to = best > 0.0F ? peak + 4 : 3;
  for (int j = from; j <= to; ++j)
    sample.brightest_gray = std::max(
        sample.brightest_gray, profile[static_cast<std::size_t>(std::clamp(middle + j, 0, 2 * middle))]);
  if (best <= 0.0F) return;

  const float top = slope(peak);
  const float floor = centroid_floor * top;
  float weight_sum = top - floor;
  float moment = 0.0F;
  for (int side = -1; side <= 1; side += 2) {
    float previous = top;
    for (int k = 1; k <= level_reach; ++k) {
      const int j = peak + side * k;
      if (std::abs(j) > half_width + 2) break;
      const float here = slope(j);
      if (here <= floor || here > previous) break;
      weight_sum += here - floor;
      moment += (here - floor) * static_cast<float>(side * k);
      previous = here;
    }
  }
  sample.offset_px = static_cast<float>(peak) + moment / weight_sum;
  sample.slope_gray_per_px = top;
  const auto mean_level = [&](int from_j, int to_j) {
    float sum = 0.0F;
    for (int j = from_j; j <= to_j; ++j)
      sum += profile[static_cast<std::size_t>(std::clamp(middle + j, 0, 2 * middle))];
    return sum / static_cast<float>(to_j - from_j + 1);
  };
  sample.inside_gray = mean_level(peak - level_reach, peak - 2);
  sample.outside_gray = mean_level(peak + 2, peak + level_reach);
}

/// Blur pulls the steepest place of a curved edge towards the centre of curvature by sigma^2 / (2 R); sigma
/// is told by the slope, as that of a Gaussian edge is contrast / (sigma sqrt(2 pi)).
float curvature_shift(const OutlineShape& shape, float contrast_gray, float slope_gray_per_px) {
  if (!(slope_gray_per_px > 0.0F)) return 0.0F;
  const double sigma = contrast_gray / (slope_gray_per_px * std::sqrt(2.0 * std::numbers::pi));
  const double image_variance = std::clamp(sigma * sigma - slope_filter_variance, 0.0, max_blur_variance);
  return static_cast<float>(image_variance / (shape.s_xx_px + shape.s_yy_px));
}

void mark_glints(const OutlineShape& shape, OutlineMeasurement& measurement) {
  const auto count = static_cast<int>(measurement.count);
  const double spacing = std::numbers::pi * (shape.s_xx_px + shape.s_yy_px) / count;
  const int reach = static_cast<int>(std::ceil(glint_margin_px / spacing));
  std::array<bool, max_edge_points> bright{};
  for (int i = 0; i < count; ++i) {
    const auto& sample = measurement.samples[static_cast<std::size_t>(i)];
    bright[static_cast<std::size_t>(i)] =
        sample.kind != OutlineSample::Kind::outside_image && sample.brightest_gray >= measurement.glint_gray;
  }
  for (int i = 0; i < count; ++i) {
    if (!bright[static_cast<std::size_t>(i)]) continue;
    for (int k = -reach; k <= reach; ++k) {
      auto& sample = measurement.samples[static_cast<std::size_t>((i + k + count) % count)];
      if (sample.kind != OutlineSample::Kind::outside_image) sample.kind = OutlineSample::Kind::glint;
    }
  }
}

}  // namespace

void measure_outline(GrayView image, const OutlineShape& shape, double half_width_px, int sample_count,
                     float min_slope_gray_per_px, OutlineMeasurement& measurement) {
  YARBUS_CHECK_OP(sample_count, <=, static_cast<int>(max_edge_points));
  const int half_width = std::clamp(static_cast<int>(std::lround(half_width_px)), 3, max_half_width);
  const int middle = half_width + level_reach;
  const int length = 2 * middle + 1;
  const int stride = static_cast<int>(max_edge_points) / sample_count;
  measurement.count = static_cast<std::size_t>(sample_count);

  std::array<Profile, max_edge_points> raw;
  for (int i = 0; i < sample_count; ++i) {
    auto& sample = measurement.samples[static_cast<std::size_t>(i)];
    const auto [c, s] = unit_circle()[static_cast<std::size_t>(i * stride)];
    sample = OutlineSample{};
    sample.cos_phi = c;
    sample.sin_phi = s;
    const Eigen::Vector2d point = shape.point_at(c, s);
    const Eigen::Vector2d normal = shape.normal_at(c, s);
    if (point.x() < 1.0 || point.y() < 1.0 || point.x() > image.width_px - 2.0 ||
        point.y() > image.height_px - 2.0)
      sample.kind = OutlineSample::Kind::outside_image;
    const auto nx = static_cast<float>(normal.x());
    const auto ny = static_cast<float>(normal.y());
    const auto x0 = static_cast<float>(point.x()) - static_cast<float>(middle) * nx;
    const auto y0 = static_cast<float>(point.y()) - static_cast<float>(middle) * ny;
    Profile& profile = raw[static_cast<std::size_t>(i)];
    const float x1 = x0 + static_cast<float>(length - 1) * nx;
    const float y1 = y0 + static_cast<float>(length - 1) * ny;
    if (std::min(x0, x1) >= 0.0F && std::min(y0, y1) >= 0.0F &&
        std::max(x0, x1) < static_cast<float>(image.width_px - 1) &&
        std::max(y0, y1) < static_cast<float>(image.height_px - 1)) {
      for (int j = 0; j < length; ++j)
        profile[static_cast<std::size_t>(j)] =
            sample_bilinear_inside(image, x0 + static_cast<float>(j) * nx, y0 + static_cast<float>(j) * ny);
      continue;
    }
    for (int j = 0; j < length; ++j)
      raw[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] =
          sample_bilinear(image, x0 + static_cast<float>(j) * nx, y0 + static_cast<float>(j) * ny);
  }
  Profile averaged;
  for (int i = 0; i < sample_count; ++i) {
    auto& sample = measurement.samples[static_cast<std::size_t>(i)];
    if (sample.kind == OutlineSample::Kind::outside_image) continue;
    const Profile& before = raw[static_cast<std::size_t>((i + sample_count - 1) % sample_count)];
    const Profile& here = raw[static_cast<std::size_t>(i)];
    const Profile& after = raw[static_cast<std::size_t>((i + 1) % sample_count)];
    for (std::size_t j = 0; j < static_cast<std::size_t>(length); ++j)
      averaged[j] = 0.25F * (before[j] + 2.0F * here[j] + after[j]);
    locate_edge(averaged, half_width, min_slope_gray_per_px, sample);
  }

  std::array<float, max_edge_points> values;
  const auto median_over_edges = [&](float OutlineSample::*member) {
    std::size_t count = 0;
    for (const auto& sample : measurement.view())
      if (sample.kind == OutlineSample::Kind::edge) values[count++] = sample.*member;
    return median_of({values.data(), count});
  };
  measurement.inside_gray = median_over_edges(&OutlineSample::inside_gray);
  measurement.outside_gray = median_over_edges(&OutlineSample::outside_gray);
  measurement.slope_gray_per_px = median_over_edges(&OutlineSample::slope_gray_per_px);
  const float contrast = measurement.outside_gray - measurement.inside_gray;
  measurement.glint_gray = std::min(
      max_glint_gray, measurement.outside_gray + std::max(min_glint_step_gray, glint_step_factor * contrast));
  const float shift = curvature_shift(shape, contrast, measurement.slope_gray_per_px);
  for (std::size_t i = 0; i < measurement.count; ++i)
    if (measurement.samples[i].kind == OutlineSample::Kind::edge) measurement.samples[i].offset_px += shift;
  mark_glints(shape, measurement);
}

std::optional<double> refine_outline(GrayView image, OutlineShape& shape, double first_half_width_px,
                                     int passes, int sample_count, float min_slope_gray_per_px,
                                     OutlineMeasurement& measurement) {
  std::array<NormalOffset, max_edge_points> offsets;
  double half_width = first_half_width_px;
  std::optional<double> sigma;
  for (int pass = 0; pass < passes; ++pass) {
    measure_outline(image, shape, half_width, sample_count, min_slope_gray_per_px, measurement);
    std::size_t count = 0;
    for (const auto& sample : measurement.view()) {
      if (sample.kind != OutlineSample::Kind::edge) continue;
      const double strength = sample.slope_gray_per_px / std::max(1e-3F, measurement.slope_gray_per_px);
      offsets[count++] = {sample.cos_phi, sample.sin_phi, sample.offset_px,
                          std::clamp(strength * strength, 0.05, 1.0)};
    }
    sigma = move_outline(shape, {offsets.data(), count}, min_sigma_px);
    if (!sigma) return std::nullopt;
    half_width = std::max(4.0, 0.6 * half_width);
  }
  return sigma;
}

}  // namespace yarbus
