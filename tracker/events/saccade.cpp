#include "tracker/events/saccade.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tracker/events/gaze_velocity.h"

namespace yarbus {

std::span<const OptionField<SaccadeOptions>> SaccadeOptions::fields() {
  using O = SaccadeOptions;
  static constexpr std::array<OptionField<O>, 8> table{{
      {"velocity_window_s", &O::velocity_window_s, 0.002, 0.2, "window of the velocity's smoothing"},
      {"threshold_factor", &O::threshold_factor, 2.0, 20.0, "threshold in units of the velocity noise"},
      {"least_threshold_deg_s", &O::least_threshold_deg_s, 1.0, 500.0, "the threshold is never lower"},
      {"least_amplitude_deg", &O::least_amplitude_deg, 0.0, 20.0, "smaller saccades are not told"},
      {"longest_s", &O::longest_s, 0.03, 1.0, "longer movements are not saccades"},
      {"settle_s", &O::settle_s, 0.0, 0.2, "gaze before and after is averaged over this; no second saccade"},
      {"lowest_rate_hz", &O::lowest_rate_hz, 20.0, 1000.0, "at lower sampling rates no saccade is told"},
      {"memory_s", &O::memory_s, 0.5, 60.0, "live: the threshold rests on this much of the past"},
  }};
  return table;
}

Result<void> SaccadeOptions::validate() const { return validate_options(*this, fields(), "saccades"); }

SaccadeRate saccade_rate(double typical_interval_s, const SaccadeOptions& options) {
  if (!(typical_interval_s > 0.0)) return SaccadeRate::unknown;
  return typical_interval_s * options.lowest_rate_hz > 1.0 ? SaccadeRate::too_low : SaccadeRate::enough;
}

std::size_t velocity_half_samples(double typical_interval_s, const SaccadeOptions& options) {
  if (!(typical_interval_s > 0.0)) return 1;
  const double half = std::round(0.5 * options.velocity_window_s / typical_interval_s);
  return static_cast<std::size_t>(
      std::clamp(half, 1.0, static_cast<double>(VelocityFilter::max_half_samples)));
}

}  // namespace yarbus
