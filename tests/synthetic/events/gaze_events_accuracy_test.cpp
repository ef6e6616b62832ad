#include <cmath>
#include <cstdio>
#include <tuple>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/gaze_event_scores.h"
#include "tests/support/simulated_gaze.h"
#include "tracker/events/gaze_events.h"

// How well the events of the simulator's eyes are found, whose truth is known. The figures of docs/events.md
// are those that these tests print.

namespace yarbus::gaze_events_accuracy_test {
namespace {

/// Nothing is asked of saccades that touch a blink or its margins.
constexpr double blink_edge_s = 0.15;

SimulatedGaze gaze_at(double rate_hz, double noise_deg) {
  SimulatedGazePlan plan;
  plan.rate_hz = rate_hz;
  plan.noise_deg = noise_deg;
  plan.duration_s = 400.0;
  plan.seed = 11;
  return simulate_gaze(plan);
}

GazeEvents events_of(const SimulatedGaze& gaze, const GazeEventOptions& options) {
  const auto blinks = find_blinks(gaze.openings, BlinkDetectorOptions{});
  EXPECT_TRUE(blinks) << blinks.error().to_text();
  const auto events = find_gaze_events(gaze.series, *blinks, options);
  EXPECT_TRUE(events) << events.error().to_text();
  return *events;
}

GazeEventScore score_at(double rate_hz, double noise_deg, const GazeEventOptions& options) {
  const auto gaze = gaze_at(rate_hz, noise_deg);
  const auto events = events_of(gaze, options);
  const auto score = score_gaze_events(gaze, events.saccades, events.fixations, blink_edge_s);
  std::printf("%3.0f Hz, %.1f deg, %s:", rate_hz, noise_deg, events.fixations_by_velocity ? "I-VT" : "I-DT");
  if (events.saccade_rate == SaccadeRate::enough) {
    std::printf(
        " found %.1f %% of %d, false %.2f a minute, onset %+.1f (%.1f) ms, offset %+.1f (%.1f) ms,"
        " amplitude %.2f deg, peak velocity x %.2f;",
        100.0 * score.share_found(), score.true_saccades, score.false_per_minute(), score.onset_bias_ms,
        score.onset_error_ms, score.offset_bias_ms, score.offset_error_ms, score.amplitude_error_deg,
        score.peak_ratio);
  }
  std::printf(" fixations %d for %d, matched %.1f %%, duration %.0f ms\n", score.found_fixations,
              score.true_fixations, 100.0 * score.share_matched(), score.duration_error_ms);
  return score;
}

struct Expected {
  double rate_hz;
  double noise_deg;
  double share_found;       ///< at least
  double false_per_minute;  ///< at most, as all that follow
  double onset_ms;
  double offset_ms;
  double amplitude_deg;
};

class SaccadesInNoise : public testing::TestWithParam<Expected> {};

TEST_P(SaccadesInNoise, AreFoundAndMeasured) {
  const Expected& expected = GetParam();
  const auto score = score_at(expected.rate_hz, expected.noise_deg, {});
  EXPECT_GT(score.true_saccades, 500);
  EXPECT_GE(score.share_found(), expected.share_found);
  EXPECT_LE(score.false_per_minute(), expected.false_per_minute);
  EXPECT_LE(score.onset_error_ms, expected.onset_ms);
  EXPECT_LE(score.offset_error_ms, expected.offset_ms);
  EXPECT_LE(score.amplitude_error_deg, expected.amplitude_deg);
}
INSTANTIATE_TEST_SUITE_P(Rates, SaccadesInNoise,
                         testing::Values(Expected{60.0, 0.1, 0.97, 0.3, 10.0, 10.0, 0.10},
                                         Expected{60.0, 0.3, 0.97, 0.3, 11.0, 11.0, 0.25},
                                         Expected{60.0, 0.6, 0.92, 1.0, 8.0, 8.0, 0.45},
                                         Expected{120.0, 0.1, 0.98, 0.3, 7.0, 7.0, 0.10},
                                         Expected{120.0, 0.3, 0.96, 0.3, 6.0, 6.0, 0.20},
                                         Expected{120.0, 0.6, 0.93, 0.5, 4.0, 4.0, 0.40}));

class FixationsInNoise : public testing::TestWithParam<std::tuple<double, double>> {};

TEST_P(FixationsInNoise, AreFoundByDispersion) {
  const auto [rate_hz, noise_deg] = GetParam();
  const auto score = score_at(rate_hz, noise_deg, {});
  EXPECT_GT(score.true_fixations, 600);
  EXPECT_GE(score.share_matched(), noise_deg < 0.5 ? 0.95 : 0.90);
  // A loud noise breaks fixations into pieces: the one that is matched is the longest.
  EXPECT_LE(score.duration_error_ms, 0.6e3 / rate_hz + (noise_deg < 0.5 ? 12.0 : 20.0));
}
INSTANTIATE_TEST_SUITE_P(Rates, FixationsInNoise,
                         testing::Combine(testing::Values(30.0, 60.0, 120.0),
                                          testing::Values(0.1, 0.3, 0.6)));

TEST(GazeEventsAccuracy, FixationsByVelocity) {
  GazeEventOptions options;
  options.fixations_by_velocity = true;
  for (const double noise_deg : {0.1, 0.3, 0.6}) {
    for (const double rate_hz : {60.0, 120.0}) {
      const auto score = score_at(rate_hz, noise_deg, options);
      EXPECT_GE(score.share_matched(), 0.8);
      EXPECT_LE(score.duration_error_ms, 35.0);
    }
  }
}

/// Why no saccades are told at a webcam's rate: what would be measured is not their velocity.
TEST(GazeEventsAccuracy, At30HzVelocitiesAreNotMeasured) {
  EXPECT_TRUE(events_of(gaze_at(30.0, 0.1), {}).saccades.empty());
  GazeEventOptions forced;
  forced.saccade.lowest_rate_hz = 20.0;
  const auto score = score_at(30.0, 0.1, forced);
  EXPECT_LT(score.peak_ratio, 0.5);
  EXPECT_GT(score.onset_error_ms, 20.0);
}

TEST(GazeEventsAccuracy, LiveFindsWhatOfflineFinds) {
  for (const double noise_deg : {0.1, 0.6}) {
    const auto gaze = gaze_at(120.0, noise_deg);
    const auto offline = events_of(gaze, {});
    auto series = gaze.series;
    mask_blinks(series, *find_blinks(gaze.openings, BlinkDetectorOptions{}), BlinkMargins{});
    SaccadeDetector detector;
    std::vector<Saccade> live;
    for (const auto& sample : series) {
      detector.push(sample);
      for (const Saccade& saccade : detector.take()) live.push_back(saccade);
    }
    const auto score = score_gaze_events(gaze, live, {}, blink_edge_s);
    std::printf("live, 120 Hz, %.1f deg: found %.1f %%, false %.2f a minute\n", noise_deg,
                100.0 * score.share_found(), score.false_per_minute());
    EXPECT_NEAR(static_cast<double>(live.size()), static_cast<double>(offline.saccades.size()),
                0.04 * static_cast<double>(offline.saccades.size()));
    EXPECT_LE(score.false_per_minute(), 1.0);
  }
}

TEST(GazeEventsAccuracy, TheMainSequenceIsTheTrueOneButForSampling) {
  const auto fitted_at = [](double rate_hz, double window_s) {
    const auto gaze = gaze_at(rate_hz, 0.1);
    GazeEventOptions options;
    options.saccade.velocity_window_s = window_s;
    const auto events = events_of(gaze, options);
    const auto* fitted = std::get_if<MainSequence>(&events.main_sequence);
    EXPECT_NE(fitted, nullptr);
    return fitted == nullptr ? MainSequence{} : *fitted;
  };
  const auto truth = [](double amplitude_deg) {
    return 1.875 * amplitude_deg / simulation::saccade_duration_s(amplitude_deg);
  };
  const double default_window_s = SaccadeOptions{}.velocity_window_s;
  for (const double rate_hz : {60.0, 120.0, 250.0}) {
    const auto fitted = fitted_at(rate_hz, default_window_s);
    std::printf(
        "main sequence at %3.0f Hz: %.0f deg/s (1 - exp(-A / %.1f deg)), spread %.2f; x %.2f at 5, x %.2f"
        " at 15 deg\n",
        rate_hz, fitted.limit_deg_s, fitted.bend_deg, fitted.spread,
        fitted.peak_velocity_deg_s(5.0) / truth(5.0), fitted.peak_velocity_deg_s(15.0) / truth(15.0));
    const double lowest = rate_hz < 100.0 ? 0.45 : 0.75;
    for (const double amplitude_deg : {5.0, 15.0}) {
      const double ratio = fitted.peak_velocity_deg_s(amplitude_deg) / truth(amplitude_deg);
      EXPECT_GT(ratio, lowest) << rate_hz;
      EXPECT_LT(ratio, 1.05) << rate_hz;
    }
    EXPECT_LT(fitted.spread, 0.2);
  }
}

TEST(GazeEventsAccuracy, BlinksAreAllFound) {
  for (const double rate_hz : {15.0, 30.0, 60.0, 120.0}) {
    const auto gaze = gaze_at(rate_hz, 0.1);
    const auto blinks = find_blinks(gaze.openings, BlinkDetectorOptions{});
    ASSERT_TRUE(blinks);
    std::printf("blinks at %3.0f Hz: %zu of %zu\n", rate_hz, blinks->size(), gaze.blinks.size());
    EXPECT_NEAR(static_cast<double>(blinks->size()), static_cast<double>(gaze.blinks.size()),
                rate_hz < 20.0 ? 0.1 * static_cast<double>(gaze.blinks.size()) : 1.0);
  }
}

}  // namespace
}  // namespace yarbus::gaze_events_accuracy_test
