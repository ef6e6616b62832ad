#include "tracker/events/gaze_events.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/gaze_motion.h"
#include "eyemodel/simulation/random.h"

namespace yarbus::gaze_events_test {
namespace {

/// Looks to one of two places in turn, a second each; follows a target from 4 s to 5 s if it is to.
std::vector<GazeDirectionSample> looking_to_and_fro(double rate_hz, double duration_s,
                                                    bool with_pursuit = false) {
  simulation::Random random(8);
  std::vector<GazeDirectionSample> series;
  for (int i = 0; i < duration_s * rate_hz; ++i) {
    const double t_s = i / rate_hz;
    const int turn = static_cast<int>(t_s);
    const double progress = turn == 0 ? 1.0 : simulation::saccade_progress((t_s - turn) / 0.043);
    double right_deg = turn % 2 == 0 ? 10.0 - 10.0 * progress : 10.0 * progress;
    if (with_pursuit && turn == 4) right_deg += 12.0 * std::max(0.0, t_s - 4.05);
    series.push_back({time_from_seconds(t_s),
                      direction_from_angles_deg(right_deg + 0.08 * random.normal(), 0.08 * random.normal()),
                      true});
  }
  return series;
}

GazeEventOptions by_velocity() {
  GazeEventOptions options;
  options.fixations_by_velocity = true;
  return options;
}

TEST(GazeEvents, FixationsByDispersionUnlessAskedOtherwise) {
  const auto series = looking_to_and_fro(120.0, 8.0);
  auto events = find_gaze_events(series, {}, {});
  ASSERT_TRUE(events) << events.error().to_text();
  EXPECT_FALSE(events->fixations_by_velocity);
  ASSERT_EQ(events->fixations.size(), 8U);
  EXPECT_EQ(events->saccades.size(), 7U);
  for (std::size_t i = 0; i < 8; ++i) {
    const Eigen::Vector3d place = direction_from_angles_deg(i % 2 == 0 ? 0.0 : 10.0, 0.0);
    EXPECT_LT(degrees_of(angle_between_rad(events->fixations[i].mean_direction, place)), 0.2);
  }
  EXPECT_EQ(events->labels[60], GazeLabel::fixation);
}

TEST(GazeEvents, FixationsAndSaccadesTakeTurns) {
  auto events = find_gaze_events(looking_to_and_fro(120.0, 8.0), {}, by_velocity());
  ASSERT_TRUE(events) << events.error().to_text();
  EXPECT_TRUE(events->fixations_by_velocity);
  EXPECT_NEAR(events->rate_hz, 120.0, 0.1);
  ASSERT_EQ(events->fixations.size(), 8U);
  ASSERT_EQ(events->saccades.size(), 7U);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_LT(events->fixations[i].end, events->saccades[i].onset);
    EXPECT_GT(events->fixations[i + 1].start, events->saccades[i].offset);
    EXPECT_NEAR(events->fixations[i].spread_deg, 0.08 * std::sqrt(2.0), 0.05);
    EXPECT_NEAR(events->saccades[i].direction_deg,
                i % 2 == 0 ? 0.0 : (events->saccades[i].direction_deg > 0 ? 180.0 : -180.0), 2.0);
  }
  EXPECT_EQ(events->labels[60], GazeLabel::fixation);
  EXPECT_EQ(events->labels[122], GazeLabel::saccade);
  EXPECT_THAT(events->to_text(), testing::AllOf(testing::HasSubstr("8 fixations by velocity"),
                                                testing::HasSubstr("7 saccades at 120.0 Hz"),
                                                testing::HasSubstr("no main sequence")));
}

TEST(GazeEvents, AtAWebcamsRateOnlyDispersionIsUsed) {
  auto events = find_gaze_events(looking_to_and_fro(25.0, 8.0), {}, by_velocity());
  ASSERT_TRUE(events);
  EXPECT_FALSE(events->fixations_by_velocity);
  EXPECT_EQ(events->saccade_rate, SaccadeRate::too_low);
  EXPECT_EQ(events->fixations.size(), 8U);
  EXPECT_THAT(events->to_text(), testing::HasSubstr("25.0 samples a second are too few"));
}

TEST(GazeEvents, BlinksEndFixationsAndTheirMarginsAreLost) {
  auto series = looking_to_and_fro(120.0, 1.0);
  BlinkEvent blink;
  blink.onset = time_from_seconds(0.5);
  blink.offset = time_from_seconds(0.6);
  for (auto& sample : series) {  // the lid drags gaze down, before and after it hides the pupil
    const double t_s = seconds_of(sample.at);
    if (t_s > 0.45 && t_s < 0.68)
      sample.direction = direction_from_angles_deg(0.0, -200.0 * std::abs(t_s - 0.45));
    if (t_s >= 0.5 && t_s <= 0.6) sample.is_valid = false;
  }
  const std::vector<BlinkEvent> blinks{blink};
  auto events = find_gaze_events(series, blinks, by_velocity());
  ASSERT_TRUE(events);
  EXPECT_TRUE(events->saccades.empty());
  ASSERT_EQ(events->fixations.size(), 2U);
  EXPECT_NEAR(seconds_of(events->fixations[0].end), 0.44, 0.01);
  EXPECT_NEAR(seconds_of(events->fixations[1].start), 0.70, 0.01);
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double t_s = seconds_of(series[i].at);
    EXPECT_EQ(events->labels[i] == GazeLabel::lost, t_s >= 0.44 - 1e-9 && t_s <= 0.70 + 1e-9) << t_s;
  }
}

TEST(GazeEvents, PursuitIsDriftNotFixation) {
  auto events = find_gaze_events(looking_to_and_fro(120.0, 5.0, true), {}, by_velocity());
  ASSERT_TRUE(events);
  for (const auto& fixation : events->fixations)
    EXPECT_FALSE(seconds_of(fixation.start) > 4.0 && seconds_of(fixation.end) < 5.0);
  EXPECT_EQ(events->labels[static_cast<std::size_t>(4.5 * 120.0)], GazeLabel::drift);
}

TEST(GazeEvents, BadInput) {
  auto nothing = find_gaze_events({}, {}, {});
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->saccade_rate, SaccadeRate::unknown);
  EXPECT_THAT(nothing->to_text(), testing::HasSubstr("not known"));
  auto series = looking_to_and_fro(120.0, 3.0);
  auto one = find_gaze_events(std::span(series).first(1), {}, {});
  ASSERT_TRUE(one);
  EXPECT_EQ(one->labels.size(), 1U);
  for (auto& sample : series) sample.is_valid = false;
  auto lost = find_gaze_events(series, {}, {});
  ASSERT_TRUE(lost);
  EXPECT_TRUE(lost->fixations.empty());
  EXPECT_THAT(lost->labels, testing::Each(GazeLabel::lost));
  EXPECT_THAT(lost->to_text(), testing::HasSubstr("too little valid gaze"));
  series[5].at = series[4].at;
  EXPECT_EQ(find_gaze_events(series, {}, {}).error().code, ErrorCode::input_unreadable);
  GazeEventOptions wrong;
  wrong.fixation.shortest_s = 0.0;
  EXPECT_EQ(find_gaze_events({}, {}, wrong).error().code, ErrorCode::invalid_option);
}

TEST(FindBlinks, OfAWholeSeriesAndAtAWebcamsRate) {
  for (const double rate_hz : {15.0, 30.0, 120.0}) {
    std::vector<EyeOpeningSample> series;
    for (int i = 0; i < 6.0 * rate_hz; ++i) {
      const double t_s = i / rate_hz;
      const bool is_closed = (t_s >= 2.0 && t_s < 2.25) || (t_s >= 4.0 && t_s < 4.3);
      series.push_back({time_from_seconds(t_s), {.confidence = is_closed ? 0.0 : 0.9}});
    }
    auto blinks = find_blinks(series, {});
    ASSERT_TRUE(blinks);
    ASSERT_EQ(blinks->size(), 2U) << rate_hz;
    EXPECT_NEAR(seconds_of((*blinks)[0].onset), 2.0, 1.0 / rate_hz);
    EXPECT_NEAR(seconds_of((*blinks)[1].offset), 4.3, 1.01 / rate_hz);
    series[3].at = series[2].at;
    EXPECT_EQ(find_blinks(series, {}).error().code, ErrorCode::input_unreadable);
  }
  const std::vector<EyeOpeningSample> broken{{CaptureTime(1), {.confidence = std::nan("")}}};
  EXPECT_EQ(find_blinks(broken, {}).error().code, ErrorCode::input_unreadable);
  EXPECT_TRUE(find_blinks({}, {})->empty());
}

TEST(BlinkCover, CoversBlinksWithMargins) {
  std::vector<BlinkEvent> blinks(2);
  blinks[0].onset = time_from_seconds(1.0);
  blinks[0].offset = time_from_seconds(1.1);
  blinks[1].onset = time_from_seconds(1.25);
  blinks[1].offset = time_from_seconds(1.4);
  BlinkCover cover(blinks, {.before_s = 0.05, .after_s = 0.2});
  const auto covers = [&](double t_s) { return cover.covers(time_from_seconds(t_s)); };
  EXPECT_FALSE(covers(0.94));
  EXPECT_TRUE(covers(0.96));
  EXPECT_TRUE(covers(1.29));
  EXPECT_TRUE(covers(1.31));
  EXPECT_TRUE(covers(1.59));
  EXPECT_FALSE(covers(1.61));
  std::swap(blinks[0], blinks[1]);
  EXPECT_THROW(BlinkCover(blinks, {}), CheckFailure);
}

}  // namespace
}  // namespace yarbus::gaze_events_test
