#pragma once

#include <array>
#include <utility>

#include "tracker/pupil/edge_profiles.h"

namespace yarbus {

/// Locates a blurred edge in a profile about its steepest sample.
/// Units: samples (steps) and gray. Method: the first moment of the slope under a Gaussian window. A Gaussian
/// slope times a Gaussian window is a Gaussian again, whose middle lies nearer the window's by a known
/// factor; with that factor undone the estimate has no bias, needs few samples beside the edge, and averages
/// noise nearly as well as a matched filter. The slope's variance is taken from the mean of all profiles. No
/// heap.
class EdgeLocator {
 public:
  using Window = std::array<float, 2 * profile_reach + 1>;
  /// Variance of the difference p(j+1) - p(j-1), as which the slope is taken.
  static constexpr float own_variance = 1.0F / 3.0F;

  /// `sum_of_profiles`: about their steepest samples; `radius` of the outline in samples bounds the window.
  EdgeLocator(const Window& sum_of_profiles, float radius);

  struct Location {
    float offset;     ///< from the window's middle
    float step_gray;  ///< zeroth moment: step_share() times the gray step, at least `least_step_gray`
  };
  [[nodiscard]] Location locate(const Window& gray, float least_step_gray) const;

  [[nodiscard]] float variance() const { return variance_; }      ///< of the slope, in samples^2
  [[nodiscard]] float step_share() const { return step_share_; }  ///< share of the gray step under the window
  /// Offset that a gray ramp of one per sample outside the edge causes, times the zeroth moment.
  [[nodiscard]] float ramp_gain() const { return ramp_gain_; }
  /// Standard deviation of the offset for samples with unit noise, times the zeroth moment.
  [[nodiscard]] float noise_gain(int step_px) const;

 private:
  std::array<float, profile_reach + 1> first_;   // taps of the first moment at 0..reach; even
  std::array<float, profile_reach + 1> zeroth_;  // ... of the zeroth; odd
  float variance_ = 1.0F;
  float step_share_ = 1.0F;
  float ramp_gain_ = 0.0F;
};

}  // namespace yarbus
