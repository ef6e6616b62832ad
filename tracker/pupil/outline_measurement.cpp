#include "tracker/pupil/outline_measurement.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tracker/pupil/edge_locator.h"
#include "tracker/pupil/edge_noise.h"
#include "tracker/pupil/edge_profiles.h"

namespace yarbus {
namespace {

constexpr int min_half = 3;  // of the window, in samples
constexpr int max_step_px = 3;
constexpr float noise_excess =
    1.08F;  // scatter over its first-order theory: ramp correction, common variance
constexpr float max_curvature_shift_px = 0.5F;
constexpr float ramp_limit_px = 0.12F;  // the correction for a ramp never exceeds this
constexpr float ramp_noise_gain =
    22.0F;  // noise of the mean ramp over what ramps there are, by noise over contrast
constexpr float min_radius_for_ramp = 14.0F;  // in steps: smaller outlines have no inside to compare with
constexpr float glint_step_factor = 1.0F;     // a reflection exceeds the surround by this many contrasts ...
constexpr float min_glint_step_gray = 30.0F;  // ... and by this much
constexpr float max_glint_gray = 250.0F;      // saturated pixels always are
constexpr double glint_margin_px = 2.0;       // normals this close to a reflection are not trusted either
constexpr float steep_slope_ratio = 1.5F;     // edges steeper than the common one by this lose weight
constexpr float common_level = 0.25F;         // of the contrast: levels this near are the outline's own
constexpr float odd_level = 0.35F;    // of the contrast: an inner level this far off halves the weight
constexpr float odd_step = 0.4F;      // ... if its step differs by this share too
constexpr float odd_tangent = 0.5F;   // so does an edge that runs at this slope to the outline
constexpr float ridge_weight = 0.3F;  // a dark thing close outside the edge

using Window = EdgeLocator::Window;

float median_of(std::span<float> values) {
  if (values.empty()) return 0.0F;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// What one profile shows around its peak.
struct ProfileReading {
  Window gray;
  float step_gray;  // the locator's zeroth moment: a share of the contrast
  float ramp_gray;  // per sample: what the gray rises outside the edge, less what it does inside
  bool is_ridge;    // dark again right behind the bright side
};

void read_profile(const EdgeProfiles& profiles, int column, int peak, OutlineSample& sample,
                  ProfileReading& reading) {
  constexpr float to_gray = 1.0F / smoothed_profile_scale;
  const std::int16_t* from = profiles.smoothed.row(profiles.middle() + peak - profile_reach) + column;
  for (auto& value : reading.gray) {
    value = to_gray * static_cast<float>(*from);
    from += profiles.smoothed.columns;
  }
  const float* at = reading.gray.data() + profile_reach;
  sample.inside_gray = (at[-4] + at[-3] + at[-2]) * (1.0F / 3.0F);
  sample.outside_gray = (at[2] + at[3] + at[4]) * (1.0F / 3.0F);
  sample.brightest_gray = std::max({at[-1], at[0], at[1], at[2], at[3], at[4]});
  reading.ramp_gray = (at[6] - at[3] - at[-3] + at[-6]) * (1.0F / 3.0F);
  reading.is_ridge = std::min(at[5], at[6]) < 0.5F * (sample.inside_gray + sample.outside_gray);
}

/// The sum of all edges' profiles, each about where its neighbours have theirs: about its own steepest
/// sample, noise would make every edge look sharper than it is.
Window common_profile(const EdgeProfiles& profiles, const OutlineMeasurement& measurement) {
  const int count = profiles.count;
  const int reach = std::max(1, count / 16);
  const auto wrapped = [count](int i) { return i < 0 ? i + count : i < count ? i : i - count; };
  const float contrast = measurement.outside_gray - measurement.inside_gray;
  const auto is_common = [&](const OutlineSample& sample) {
    return sample.brightest_gray < measurement.glint_gray &&
           std::abs(sample.inside_gray - measurement.inside_gray) < common_level * contrast &&
           std::abs(sample.outside_gray - measurement.outside_gray) < 2.0F * common_level * contrast;
  };
  int peaks = 0;
  int edges = 0;
  const auto add = [&](int i, int sign) {
    const auto at = static_cast<std::size_t>(wrapped(i));
    if (measurement.samples[at].kind != OutlineSample::Kind::edge) return;
    peaks += sign * profiles.peak[at];
    edges += sign;
  };
  for (int k = -reach; k < reach; ++k) add(k, 1);
  std::array<int, 2 * profile_reach + 1> sum{};
  for (int i = 0; i < count; ++i) {
    add(i + reach, 1);
    const auto at = static_cast<std::size_t>(i);
    if (measurement.samples[at].kind == OutlineSample::Kind::edge) {
      const int middle = static_cast<int>(std::lround(static_cast<float>(peaks) / static_cast<float>(edges)));
      if (std::abs(profiles.peak[at] - middle) <= 1 && is_common(measurement.samples[at])) {
        const std::int16_t* from = profiles.smoothed.row(profiles.middle() + middle - profile_reach) + i;
        for (auto& value : sum) {
          value += *from;
          from += profiles.smoothed.columns;
        }
      }
    }
    add(i - reach, -1);
  }
  Window profile;
  std::copy(sum.begin(), sum.end(), profile.begin());
  return profile;
}

/// The brightest gray near the outline where there is no edge.
float brightest_beside(const EdgeProfiles& profiles, int column) {
  int brightest = 0;
  for (int j = -3; j <= 3; ++j)
    brightest = std::max<int>(brightest, profiles.smoothed.row(profiles.middle() + j)[column]);
  return static_cast<float>(brightest) / smoothed_profile_scale;
}

void mark_glints(double spacing_px, OutlineMeasurement& measurement) {
  const auto count = static_cast<int>(measurement.count);
  const int reach = std::min(count / 2, static_cast<int>(std::ceil(glint_margin_px / spacing_px)));
  std::array<bool, max_edge_points> bright;
  bool any = false;
  for (std::size_t i = 0; i < measurement.count; ++i) {
    const auto& sample = measurement.samples[i];
    bright[i] =
        sample.kind != OutlineSample::Kind::outside_image && sample.brightest_gray >= measurement.glint_gray;
    any = any || bright[i];
  }
  if (!any) return;
  for (int i = 0; i < count; ++i) {
    if (!bright[static_cast<std::size_t>(i)]) continue;
    for (int k = -reach; k <= reach; ++k) {
      auto& sample = measurement.samples[static_cast<std::size_t>((i + k + count) % count)];
      if (sample.kind != OutlineSample::Kind::outside_image) sample.kind = OutlineSample::Kind::glint;
    }
  }
}

/// How far a ramp of gray outside the edge has moved it outwards, in px: the mean over a sixth of the
/// outline, because a ramp is weak against the noise, and less of it the more the noise would show.
void remove_ramp_shift(std::span<const ProfileReading> readings, float gain_px,
                       OutlineMeasurement& measurement) {
  const auto count = static_cast<int>(measurement.count);
  const float contrast = std::max(1.0F, measurement.outside_gray - measurement.inside_gray);
  const float doubt = ramp_noise_gain * measurement.noise_gray / contrast;
  const float trust = 1.0F / (1.0F + doubt * doubt * doubt * doubt);
  std::array<float, max_edge_points> shift;
  for (std::size_t i = 0; i < measurement.count; ++i) {
    const bool known = measurement.samples[i].kind == OutlineSample::Kind::edge && !readings[i].is_ridge;
    shift[i] = known ? std::clamp(gain_px * readings[i].ramp_gray / readings[i].step_gray, -ramp_limit_px,
                                  ramp_limit_px)
                     : 0.0F;
  }
  const int reach = std::max(1, count / 12);
  const auto wrapped = [count](int i) {
    return static_cast<std::size_t>(i < 0 ? i + count : i < count ? i : i - count);
  };
  float sum = 0.0F;
  for (int k = -reach; k <= reach; ++k) sum += shift[wrapped(k)];
  const float factor = trust / static_cast<float>(2 * reach + 1);
  for (int i = 0; i < count; ++i) {
    measurement.samples[static_cast<std::size_t>(i)].offset_px -= factor * sum;
    sum += shift[wrapped(i + 1 + reach)] - shift[wrapped(i - reach)];
  }
}

/// Edges that differ from the outline's common ones in slope, inner level or direction get less weight.
void weigh(std::span<const ProfileReading> readings, float spacing_px, OutlineMeasurement& measurement) {
  const float contrast = std::max(1.0F, measurement.outside_gray - measurement.inside_gray);
  const float common_slope = std::max(1e-3F, measurement.slope_gray_per_px);
  const std::size_t count = measurement.count;
  for (std::size_t i = 0; i < count; ++i) {
    auto& sample = measurement.samples[i];
    if (sample.kind != OutlineSample::Kind::edge) continue;
    const float ratio = sample.slope_gray_per_px / common_slope;
    const float excess = std::max(0.0F, ratio - steep_slope_ratio);
    // A veil over the pupil's edge raises both of its sides: only a raised inside with another step is odd.
    const float level = (sample.inside_gray - measurement.inside_gray) / (odd_level * contrast);
    const float step = ((sample.outside_gray - sample.inside_gray) / contrast - 1.0F) / odd_step;
    const float odd = level * level * std::min(1.0F, step * step);
    // An edge along the outline lies at its neighbour's distance; a single odd one has no such neighbour.
    const auto& before = measurement.samples[i > 0 ? i - 1 : count - 1];
    const auto& after = measurement.samples[i + 1 < count ? i + 1 : 0];
    float jump =
        std::min(std::abs(sample.offset_px - before.offset_px), std::abs(sample.offset_px - after.offset_px));
    jump = std::max(0.0F, jump - 2.0F * sample.sigma_px) / (odd_tangent * spacing_px);
    sample.weight =
        std::min(1.0F, ratio) / ((1.0F + excess * excess) * (1.0F + odd * odd) * (1.0F + jump * jump));
    if (readings[i].is_ridge) sample.weight *= ridge_weight;
  }
}

}  // namespace

void measure_outline(GrayView image, const OutlineShape& shape, double half_width_px, int sample_count,
                     float min_slope_gray_per_px, OutlineMeasurement& measurement) {
  OutlineNormals normals;
  normals.place_on(shape, sample_count);
  EdgeProfiles profiles;
  const int step = std::clamp(static_cast<int>(std::ceil(half_width_px / max_profile_half)), 1, max_step_px);
  const int half =
      std::clamp(static_cast<int>(std::lround(half_width_px / step)), min_half, max_profile_half);
  profiles.sample(image, normals, half, step);
  profiles.find_peaks(min_slope_gray_per_px);

  const auto count = static_cast<std::size_t>(sample_count);
  const auto step_px = static_cast<float>(step);
  measurement.count = count;
  std::array<ProfileReading, max_edge_points> readings;
  std::array<float, max_edge_points> inside;
  std::array<float, max_edge_points> outside;
  std::array<float, max_edge_points> slopes;
  std::size_t edges = 0;
  for (std::size_t i = 0; i < count; ++i) {
    auto& sample = measurement.samples[i];
    sample = OutlineSample{};
    sample.cos_phi = normals.cos_phi[i];
    sample.sin_phi = normals.sin_phi[i];
    if (normals.x_px[i] < 1.0 || normals.y_px[i] < 1.0 || normals.x_px[i] > image.width_px - 2.0 ||
        normals.y_px[i] > image.height_px - 2.0) {
      sample.kind = OutlineSample::Kind::outside_image;
      continue;
    }
    const int column = static_cast<int>(i);
    if (profiles.peak[i] == EdgeProfiles::no_peak) {
      sample.brightest_gray = brightest_beside(profiles, column);
      continue;
    }
    read_profile(profiles, column, profiles.peak[i], sample, readings[i]);
    sample.kind = OutlineSample::Kind::edge;
    sample.slope_gray_per_px =
        static_cast<float>(profiles.peak_slope[i]) / (static_cast<float>(slope_profile_scale) * step_px);
    inside[edges] = sample.inside_gray;
    outside[edges] = sample.outside_gray;
    slopes[edges] = sample.slope_gray_per_px;
    ++edges;
  }
  measurement.inside_gray = median_of({inside.data(), edges});
  measurement.outside_gray = median_of({outside.data(), edges});
  measurement.slope_gray_per_px = median_of({slopes.data(), edges});
  const float contrast = measurement.outside_gray - measurement.inside_gray;
  // Where the surround itself is as bright as a reflection, none can be told from it.
  const float glint_gray =
      measurement.outside_gray + std::max(min_glint_step_gray, glint_step_factor * contrast);
  measurement.glint_gray = measurement.outside_gray < max_glint_gray - min_glint_step_gray
                               ? std::min(max_glint_gray, glint_gray)
                               : 256.0F;

  const double spacing_px = 2.0 * std::numbers::pi * shape.mean_radius_px() / sample_count;
  const float radius_steps = static_cast<float>(shape.mean_radius_px()) / step_px;
  const EdgeLocator locator(common_profile(profiles, measurement), radius_steps);
  const EdgeNoise noise = measure_edge_noise(profiles, shape.mean_radius_px());
  measurement.noise_gray = noise.noise_gray;
  measurement.shared_noise_factor = noise.shared_noise_factor;

  // Blur pulls the steepest place of a curved edge towards the centre of curvature by variance / (2 R).
  const float image_variance = (locator.variance() - EdgeLocator::own_variance) * step_px * step_px;
  const float noise_px =
      noise_excess * step_px * noise.noise_gray * noise.smoothing_gain * locator.noise_gain(step);
  const float least_step = 0.25F * locator.step_share() * std::max(1.0F, contrast);
  for (std::size_t i = 0; i < count; ++i) {
    auto& sample = measurement.samples[i];
    if (sample.kind != OutlineSample::Kind::edge) continue;
    const auto [shift, step_gray] = locator.locate(readings[i].gray, least_step);
    readings[i].step_gray = step_gray;
    const auto curvature = static_cast<float>(normals.curvature_per_px[i]);
    sample.offset_px = step_px * (static_cast<float>(profiles.peak[i]) + shift) +
                       std::min(max_curvature_shift_px, 0.5F * image_variance * curvature);
    sample.sigma_px = noise_px / step_gray;
  }
  if (radius_steps > min_radius_for_ramp)
    remove_ramp_shift({readings.data(), count}, step_px * locator.ramp_gain(), measurement);
  weigh({readings.data(), count}, static_cast<float>(spacing_px), measurement);
  mark_glints(spacing_px, measurement);
}

}  // namespace yarbus
