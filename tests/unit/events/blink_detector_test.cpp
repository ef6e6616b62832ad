#include "tracker/events/blink_detector.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yarbus::blink_detector_test {
namespace {

struct Outcome {
  std::vector<BlinkEvent> events;
  std::vector<LabelledFrame> labels;
};

/// Runs `eye_at(t_s)` at `rate_hz` for `duration_s`.
Outcome run_eye(double rate_hz, double duration_s, const std::function<EyeOpening(double)>& eye_at) {
  BlinkDetector detector{BlinkDetectorOptions{}};
  Outcome outcome;
  const int frames = static_cast<int>(duration_s * rate_hz);
  for (int i = 0; i < frames; ++i) {
    const double t_s = i / rate_hz;
    detector.push(static_cast<std::uint64_t>(i), CaptureTime(std::llround(t_s * 1e9)), eye_at(t_s),
                  outcome.labels);
  }
  detector.finish(outcome.labels);
  outcome.events = detector.take_events();
  return outcome;
}

Outcome run(double rate_hz, double duration_s, const std::function<double(double)>& confidence_at) {
  return run_eye(rate_hz, duration_s,
                 [&](double t_s) { return EyeOpening{.confidence = confidence_at(t_s)}; });
}

EyeOpening miss(PupilMissReason reason, std::optional<double> lid_closure) {
  return EyeOpening::of(PupilMiss{reason, 0.0, lid_closure});
}

/// The eye is open, closed, open again for a moment and closes in the very frame in which the opening is
/// noticed: the closure goes on, and no frame is labelled twice or lost.
TEST(BlinkDetector, AnEyeThatClosesAsItsOpeningIsNoticedIsStillClosed) {
  const double rate_hz = 60.0;
  for (int open_frames = 1; open_frames < 12; ++open_frames) {
    const double reopened_s = 1.3;
    const double closed_again_s = reopened_s + (open_frames - 0.5) / rate_hz;
    const auto outcome = run(rate_hz, 4.0, [&](double t) {
      const bool is_closed = t >= 1.0 && t < 1.6 && !(t > reopened_s - 0.5 / rate_hz && t < closed_again_s);
      return is_closed ? 0.0 : 1.0;
    });
    ASSERT_EQ(outcome.labels.size(), 240U) << open_frames;
    for (std::size_t i = 0; i < outcome.labels.size(); ++i) EXPECT_EQ(outcome.labels[i].sequence, i);
    ASSERT_FALSE(outcome.events.empty()) << open_frames;
    EXPECT_NEAR(std::chrono::duration<double>(outcome.events.front().onset).count(), 1.0, 1.0 / rate_hz);
    EXPECT_NEAR(std::chrono::duration<double>(outcome.events.back().offset).count(), 1.6, 2.0 / rate_hz);
  }
}

class BlinkDetectorAtRate : public testing::TestWithParam<double> {};

TEST_P(BlinkDetectorAtRate, FindsEachClosureOnceWithItsFrames) {
  const double rate_hz = GetParam();
  const auto closed = [](double t) {
    return (t >= 1.0 && t < 1.18) || (t >= 2.0 && t < 2.3) || (t >= 2.7 && t < 2.88);
  };
  const auto outcome = run(rate_hz, 4.0, [&](double t) { return closed(t) ? 0.0 : 0.95; });
  ASSERT_EQ(outcome.events.size(), 3U);
  EXPECT_EQ(outcome.labels.size(), static_cast<std::size_t>(4.0 * rate_hz));
  for (std::size_t i = 0; i < outcome.labels.size(); ++i) {
    EXPECT_EQ(outcome.labels[i].sequence, i);
    EXPECT_EQ(outcome.labels[i].blink_id.has_value(), closed(static_cast<double>(i) / rate_hz))
        << "frame " << i;
  }
  EXPECT_NEAR(std::chrono::duration<double>(outcome.events[1].onset).count(), 2.0, 1.0 / rate_hz);
  EXPECT_NEAR(std::chrono::duration<double>(outcome.events[1].offset).count(), 2.3, 1.01 / rate_hz);
}
INSTANTIATE_TEST_SUITE_P(Rates, BlinkDetectorAtRate, testing::Values(25.0, 30.0, 60.0, 120.0, 200.0));

TEST(BlinkDetector, OneLostFrameIsNotABlink) {
  for (const double rate_hz : {25.0, 60.0, 120.0}) {
    int frame = 0;
    const auto outcome = run(rate_hz, 3.0, [&](double) { return frame++ == 40 ? 0.0 : 0.9; });
    EXPECT_TRUE(outcome.events.empty()) << rate_hz;
  }
}

TEST(BlinkDetector, NeverOpenEyeIsNotABlink) {
  EXPECT_TRUE(run(60.0, 3.0, [](double) { return 0.0; }).events.empty());
}

TEST(BlinkDetector, ClosureAtTheEndIsNotCounted) {
  const auto outcome = run(60.0, 3.0, [](double t) { return t > 2.5 ? 0.0 : 1.0; });
  EXPECT_TRUE(outcome.events.empty());
  EXPECT_EQ(outcome.labels.size(), 180U);
}

TEST(BlinkDetector, LongClosureIsNotABlinkAndTheNextOneIs) {
  const auto outcome =
      run(60.0, 12.0, [](double t) { return (t > 1.0 && t < 6.0) || (t > 8.0 && t < 8.2) ? 0.0 : 1.0; });
  ASSERT_EQ(outcome.events.size(), 1U);
  EXPECT_NEAR(std::chrono::duration<double>(outcome.events[0].onset).count(), 8.0, 0.02);
}

TEST(BlinkDetector, FlickerInsideAClosureStaysOneBlink) {
  const auto outcome = run(
      60.0, 3.0, [](double t) { return t > 1.0 && t < 1.4 ? (std::abs(t - 1.2) < 0.01 ? 0.9 : 0.0) : 1.0; });
  EXPECT_EQ(outcome.events.size(), 1U);
}

TEST(BlinkDetector, MemoryIsBoundedWhileThePupilIsLost) {
  BlinkDetector detector{BlinkDetectorOptions{}};
  std::vector<LabelledFrame> settled;
  for (int i = 0; i < 60 * 60; ++i) {
    detector.push(static_cast<std::uint64_t>(i), std::chrono::milliseconds(16 * i),
                  {.confidence = i < 60 ? 1.0 : 0.0}, settled);
  }
  EXPECT_GT(settled.size(), 60U * 60U - 250U);
  EXPECT_FALSE(detector.in_blink());
}

TEST(BlinkDetector, RestartAllowsTimeToGoBack) {
  BlinkDetector detector{BlinkDetectorOptions{}};
  std::vector<LabelledFrame> settled;
  detector.push(10, std::chrono::seconds(1), {.confidence = 1.0}, settled);
  EXPECT_THROW(detector.push(2, std::chrono::milliseconds(10), {.confidence = 1.0}, settled), CheckFailure);
  detector.restart();
  EXPECT_NO_THROW(detector.push(2, std::chrono::milliseconds(10), {.confidence = 1.0}, settled));
}

TEST(BlinkDetector, AMissUnderARaisedLidIsNotABlink) {
  const auto events_with = [](const EyeOpening& hidden) {
    return run_eye(60.0, 4.0,
                   [&](double t) { return t > 1.0 && t < 1.3 ? hidden : EyeOpening{.confidence = 0.9}; })
        .events;
  };
  for (const auto reason :
       {PupilMissReason::out_of_frame, PupilMissReason::low_contrast, PupilMissReason::rejected_ellipse,
        PupilMissReason::no_candidate, PupilMissReason::occluded}) {
    EXPECT_TRUE(events_with(miss(reason, 0.1)).empty()) << to_string(reason);
    EXPECT_EQ(events_with(miss(reason, std::nullopt)).size(), 1U) << to_string(reason) << ", unknown closure";
    EXPECT_EQ(events_with(miss(reason, 0.8)).size(), 1U) << to_string(reason) << ", lid down";
  }
  EXPECT_EQ(events_with(miss(PupilMissReason::blink, 0.1)).size(), 1U) << "the detector's word counts";
}

TEST(BlinkDetector, APupilLostAfterABlinkDoesNotLengthenIt) {
  const auto outcome = run_eye(60.0, 5.0, [](double t) {
    if (t > 1.0 && t < 1.2) return miss(PupilMissReason::blink, 0.9);
    if (t >= 1.2 && t < 3.0) return miss(PupilMissReason::out_of_frame, 0.0);
    return EyeOpening{.confidence = 0.9};
  });
  ASSERT_EQ(outcome.events.size(), 1U);
  EXPECT_NEAR(std::chrono::duration<double>(outcome.events[0].offset).count(), 1.2, 0.02);
}

TEST(BlinkDetector, ABlinkCarriesTheGreatestKnownClosure) {
  const auto blink = [](const std::function<std::optional<double>(double)>& closure_at) {
    const auto outcome = run_eye(100.0, 3.0, [&](double t) {
      if (t > 1.0 && t < 1.3) return miss(PupilMissReason::blink, closure_at(t));
      PupilObservation open;
      open.confidence = 0.95;
      open.lid_closure = 0.05;
      return EyeOpening::of(open);
    });
    EXPECT_EQ(outcome.events.size(), 1U);
    return outcome.events.front();
  };
  const auto deep = blink([](double t) -> std::optional<double> {
    if (t > 1.2) return std::nullopt;
    return std::clamp(1.0 - 8.0 * std::abs(t - 1.1), 0.0, 0.875);
  });
  ASSERT_TRUE(deep.max_closure.has_value());
  EXPECT_NEAR(*deep.max_closure, 0.875, 1e-9);
  EXPECT_FALSE(blink([](double) { return std::nullopt; }).max_closure.has_value());
}

TEST(BlinkDetectorOptions, ReportsEveryViolation) {
  BlinkDetectorOptions options;
  options.filter_length_s = std::nan("");
  options.onset_threshold = 2.0;
  const auto valid = options.validate();
  ASSERT_FALSE(valid);
  EXPECT_THAT(valid.error().message,
              testing::AllOf(testing::HasSubstr("filter_length_s"), testing::HasSubstr("onset_threshold")));
}

}  // namespace
}  // namespace yarbus::blink_detector_test
