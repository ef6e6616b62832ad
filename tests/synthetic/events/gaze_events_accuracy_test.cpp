#include <cstdio>
#include <map>
#include <tuple>

#include <gtest/gtest.h>

#include "tests/support/gaze_event_scores.h"
#include "tests/support/simulated_gaze.h"
#include "tracker/events/gaze_events.h"

namespace yarbus {
namespace {

GazeEvents events_of(const SimulatedGaze& gaze, const GazeEventOptions& options) {
  const auto blinks = find_blinks(gaze.openings, BlinkDetectorOptions{});
  EXPECT_TRUE(blinks) << blinks.error().to_text();
  const auto events = find_gaze_events(gaze.series, *blinks, options);
  EXPECT_TRUE(events) << events.error().to_text();
  return *events;
}

GazeEventScore score_at(double rate_hz, double noise_deg, const GazeEventOptions& options) {
  SimulatedGazePlan plan;
  plan.rate_hz = rate_hz;
  plan.noise_deg = noise_deg;
  plan.duration_s = 400.0;
  plan.seed = 11;
  const auto gaze = simulate_gaze(plan);
  const auto events = events_of(gaze, options);
  const auto score = score_gaze_events(gaze, events.saccades, events.fixations, 0.15);
  std::printf(
      "| %3.0f | %.1f | %s | %3.0f %% of %d | %.2f | %+.1f (%.1f) | %+.1f (%.1f) | %.2f | %.2f | %d / %d | "
      "%3.0f %% | %.0f |\n",
      rate_hz, noise_deg, events.fixations_by_velocity ? "I-VT" : "I-DT", 100.0 * score.share_found(),
      score.true_saccades, score.false_per_minute(), score.onset_bias_ms, score.onset_error_ms,
      score.offset_bias_ms, score.offset_error_ms, score.amplitude_error_deg, score.peak_ratio,
      score.found_fixations, score.true_fixations, 100.0 * score.share_matched(), score.duration_error_ms);
  return score;
}

TEST(GazeEventsAccuracy, Explore) {
  for (double window : {0.02, 0.033, 0.05})
    for (double factor : {4.0, 5.0, 6.0})
      for (double rate : {30.0, 60.0, 120.0, 250.0}) {
        for (double noise : {0.1, 0.3, 0.6}) {
          GazeEventOptions options;
          options.saccade.lowest_rate_hz = 20.0;
          options.saccade.velocity_window_s = window;
          options.saccade.threshold_factor = factor;
          std::printf("%.3f %.0f ", window, factor);
          score_at(rate, noise, options);
        }
      }
  for (double rate : {15.0, 30.0, 60.0, 120.0})
    for (double noise : {0.1, 0.3, 0.6}) {
      GazeEventOptions options;
      options.fixations_by_velocity = false;
      score_at(rate, noise, options);
    }
}

}  // namespace
}  // namespace yarbus
