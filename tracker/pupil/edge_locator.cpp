#include "tracker/pupil/edge_locator.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tracker/pupil/edge_noise.h"

namespace yarbus {
namespace {

constexpr int reach = profile_reach - 1;        // of the slope
constexpr float narrow_window_variance = 2.0F;  // for telling the edge's variance
constexpr float wide_window_variance = 5.0F;
constexpr float window_per_edge = 0.8F;  // the window's variance, in the edge's, within ...
constexpr float min_window_variance = 1.2F;
constexpr float max_window_variance = 10.0F;
constexpr float radii_per_window = 3.0F;   // ... and narrower than the outline by this
constexpr float min_edge_variance = 0.6F;  // a pixel's, the interpolation's and the difference's
constexpr float max_edge_variance = 9.0F;  // blur beyond it is not that of one edge
constexpr float max_offset = 1.0F;

using Taps = std::array<float, reach + 1>;

Taps gaussian(float variance) {
  Taps taps;
  for (int j = 0; j <= reach; ++j)
    taps[static_cast<std::size_t>(j)] = std::exp(-0.5F * static_cast<float>(j * j) / variance);
  return taps;
}

/// Variance of the slope of an edge, told by its second moment under a window.
float edge_variance(const EdgeLocator::Window& profile, float window_variance) {
  const Taps window = gaussian(window_variance);
  const auto slope = [&](int j) {
    const auto at = static_cast<std::size_t>(profile_reach + j);
    return profile[at + 1] - profile[at - 1];
  };
  float sum = window[0] * slope(0);
  float moment = 0.0F;
  for (int j = 1; j <= reach; ++j) {
    const float both = window[static_cast<std::size_t>(j)] * (slope(j) + slope(-j));
    sum += both;
    moment += static_cast<float>(j * j) * both;
  }
  if (!(sum > 0.0F) || !(moment > 0.0F)) return min_edge_variance;
  const float inverse = sum / moment - 1.0F / window_variance;
  return std::clamp(1.0F / std::max(inverse, 0.01F), min_edge_variance, max_edge_variance);
}

}  // namespace

EdgeLocator::EdgeLocator(const Window& sum_of_profiles, float radius) {
  // Narrow, because the far ends of a profile show other things; then as wide as the edge.
  variance_ = edge_variance(sum_of_profiles, narrow_window_variance);
  variance_ =
      edge_variance(sum_of_profiles, std::clamp(variance_, narrow_window_variance, wide_window_variance));
  const float radius_bound = radius / radii_per_window;
  const float window_variance =
      std::min(std::clamp(window_per_edge * variance_, min_window_variance, max_window_variance),
               std::max(min_window_variance, radius_bound * radius_bound));
  const Taps window = gaussian(window_variance);
  const float undo = 1.0F + variance_ / window_variance;
  const auto h = [&](int j) {
    return std::abs(j) <= reach ? window[static_cast<std::size_t>(std::abs(j))] : 0.0F;
  };
  // Sum over j of j^m h(j) (p(j+1) - p(j-1)) / 2, sorted by p.
  for (int k = 0; k <= profile_reach; ++k) {
    const auto at = static_cast<std::size_t>(k);
    first_[at] = 0.5F * undo * (static_cast<float>(k - 1) * h(k - 1) - static_cast<float>(k + 1) * h(k + 1));
    zeroth_[at] = 0.5F * (h(k - 1) - h(k + 1));
  }
  const float peak = 1.0F / std::sqrt(2.0F * std::numbers::pi_v<float> * variance_);
  step_share_ = peak;
  ramp_gain_ = 0.0F;
  for (int j = 1; j <= reach; ++j) {
    const auto x = static_cast<float>(j);
    step_share_ += 2.0F * h(j) * peak * std::exp(-0.5F * x * x / variance_);
    ramp_gain_ += undo * x * h(j) * std::erf(x / std::sqrt(2.0F * variance_));
  }
}

EdgeLocator::Location EdgeLocator::locate(const Window& gray, float least_step_gray) const {
  const float* at = gray.data() + profile_reach;
  float first = first_[0] * at[0];
  float zeroth = 0.0F;
  for (int k = 1; k <= profile_reach; ++k) {
    first += first_[static_cast<std::size_t>(k)] * (at[k] + at[-k]);
    zeroth += zeroth_[static_cast<std::size_t>(k)] * (at[k] - at[-k]);
  }
  zeroth = std::max(zeroth, least_step_gray);
  return {std::clamp(first / zeroth, -max_offset, max_offset), zeroth};
}

float EdgeLocator::noise_gain(int step_px) const {
  const auto tap = [&](int k) { return first_[static_cast<std::size_t>(std::abs(k))]; };
  const auto near = static_cast<float>(interpolation_correlation(step_px));
  float variance = 0.0F;
  for (int k = -profile_reach; k <= profile_reach; ++k) {
    variance += tap(k) * tap(k);
    if (k < profile_reach) variance += 2.0F * near * tap(k) * tap(k + 1);
  }
  return std::sqrt(variance);
}

}  // namespace yarbus
