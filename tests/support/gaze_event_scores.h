#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "eyemodel/geometry/axis_angles.h"
#include "tests/support/simulated_gaze.h"
#include "tracker/events/fixation_detector.h"
#include "tracker/events/saccade.h"

namespace yarbus {

/// How events found agree with those that are true. Medians; NaN where nothing was matched.
struct GazeEventScore {
  int true_saccades = 0;   ///< that no blink or its margins touch
  int found_saccades = 0;  ///< of those
  int false_saccades = 0;  ///< that overlap with no true one
  double observed_s = 0.0;
  double onset_bias_ms = 0.0;
  double onset_error_ms = 0.0;  ///< absolute
  double offset_bias_ms = 0.0;
  double offset_error_ms = 0.0;
  double amplitude_error_deg = 0.0;  ///< absolute
  double peak_ratio = 0.0;           ///< found over true peak velocity
  int true_fixations = 0;            ///< of at least 100 ms
  int found_fixations = 0;           ///< told
  int matched_fixations = 0;  ///< true ones of which one told covers more than half, and that covers no other
  double duration_error_ms = 0.0;  ///< absolute, of the matched

  [[nodiscard]] double share_found() const { return static_cast<double>(found_saccades) / true_saccades; }
  [[nodiscard]] double false_per_minute() const { return 60.0 * false_saccades / observed_s; }
  [[nodiscard]] double share_matched() const {
    return static_cast<double>(matched_fixations) / true_fixations;
  }
};

inline double median_of(std::vector<double> values) {
  if (values.empty()) return std::nan("");
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

inline std::vector<double> magnitudes(std::vector<double> values) {
  for (double& value : values) value = std::abs(value);
  return values;
}

inline GazeEventScore score_gaze_events(const SimulatedGaze& truth, std::span<const Saccade> saccades,
                                        std::span<const FixationEvent> fixations, double edge_s) {
  GazeEventScore score;
  score.observed_s = truth.duration_s;
  std::vector<double> onset_ms;
  std::vector<double> offset_ms;
  std::vector<double> amplitude_deg;
  std::vector<double> peak;
  constexpr double slack_s = 0.01;
  for (const auto& saccade : truth.saccades) {
    const bool is_blinked = std::any_of(truth.blinks.begin(), truth.blinks.end(), [&](const auto& blink) {
      return saccade.overlaps(blink.onset_s - edge_s, blink.offset_s + edge_s);
    });
    const bool is_at_end = saccade.onset_s < edge_s || saccade.offset_s > truth.duration_s - edge_s;
    if (is_blinked || is_at_end) continue;
    ++score.true_saccades;
    const auto found = std::find_if(saccades.begin(), saccades.end(), [&](const Saccade& other) {
      return saccade.overlaps(seconds_of(other.onset), seconds_of(other.offset));
    });
    if (found == saccades.end()) continue;
    ++score.found_saccades;
    onset_ms.push_back(1e3 * (seconds_of(found->onset) - saccade.onset_s));
    offset_ms.push_back(1e3 * (seconds_of(found->offset) - saccade.offset_s));
    amplitude_deg.push_back(found->amplitude_deg - saccade.amplitude_deg);
    peak.push_back(found->peak_velocity_deg_s / saccade.peak_velocity_deg_s);
  }
  for (const Saccade& saccade : saccades) {
    score.false_saccades +=
        std::none_of(truth.saccades.begin(), truth.saccades.end(), [&](const auto& other) {
          return other.overlaps(seconds_of(saccade.onset) - slack_s, seconds_of(saccade.offset) + slack_s);
        });
  }
  score.onset_bias_ms = median_of(onset_ms);
  score.onset_error_ms = median_of(magnitudes(onset_ms));
  score.offset_bias_ms = median_of(offset_ms);
  score.offset_error_ms = median_of(magnitudes(offset_ms));
  score.amplitude_error_deg = median_of(magnitudes(amplitude_deg));
  score.peak_ratio = median_of(peak);

  std::vector<double> duration_ms;
  score.found_fixations = static_cast<int>(fixations.size());
  const auto overlap_s = [](const SimulatedGaze::Movement& fixation, const FixationEvent& other) {
    return std::min(fixation.offset_s, seconds_of(other.end)) -
           std::max(fixation.onset_s, seconds_of(other.start));
  };
  for (const auto& fixation : truth.fixations) {
    if (fixation.duration_s() < 0.1) continue;
    ++score.true_fixations;
    const auto best = std::max_element(fixations.begin(), fixations.end(), [&](const auto& a, const auto& b) {
      return overlap_s(fixation, a) < overlap_s(fixation, b);
    });
    if (best == fixations.end() || overlap_s(fixation, *best) < 0.5 * fixation.duration_s()) continue;
    const bool covers_another =
        std::any_of(truth.fixations.begin(), truth.fixations.end(), [&](const auto& other) {
          return &other != &fixation && overlap_s(other, *best) > 0.5 * other.duration_s();
        });
    if (covers_another) continue;
    ++score.matched_fixations;
    duration_ms.push_back(1e3 * (best->duration_s() - fixation.duration_s()));
  }
  score.duration_error_ms = median_of(magnitudes(duration_ms));
  return score;
}

}  // namespace yarbus
