#include "app/session/playback.h"

#include <thread>

#include <gtest/gtest.h>

namespace yarbus::playback_test {
namespace {

using std::chrono::milliseconds;

TEST(Playback, PlaysFromTheStartWithoutBeingAsked) {
  Playback playback;
  const auto step = playback.wait_for_step({});
  ASSERT_TRUE(step.has_value());
  EXPECT_FALSE(step->seek_to.has_value());
}

TEST(Playback, PausedWaitsUntilAsked) {
  Playback playback;
  playback.pause();
  EXPECT_FALSE(playback.wait_for_step({})->reads_frame);
  std::optional<PlaybackStep> step;
  std::jthread capture([&](const std::stop_token& stop) { step = playback.wait_for_step(stop); });
  playback.seek(12);
  capture.join();
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ(step->seek_to, 12U);
}

TEST(Playback, APauseThatComesWhileAFrameIsWaitedForIsTold) {
  Playback playback;
  ASSERT_TRUE(playback.wait_for_step({})->reads_frame);
  playback.delivered(0, std::chrono::hours(0));
  ASSERT_TRUE(playback.wait_for_step({}).has_value());
  playback.delivered(1, std::chrono::hours(1));  // the next is due in an hour
  std::optional<PlaybackStep> step;
  std::jthread capture([&](const std::stop_token& stop) { step = playback.wait_for_step(stop); });
  playback.pause();
  capture.join();
  ASSERT_TRUE(step.has_value());
  EXPECT_FALSE(step->reads_frame);
  EXPECT_FALSE(step->mode.is_playing);
  playback.set_speed(2.0);
  step = playback.wait_for_step({});
  ASSERT_TRUE(step.has_value());
  EXPECT_FALSE(step->reads_frame);
  EXPECT_EQ(step->mode.speed, 2.0);
}

TEST(Playback, AStepAskedForBeforeTheSoughtFrameIsReadGoesOnFromThere) {
  Playback playback;
  playback.delivered(10, milliseconds(400));
  playback.step(1);
  EXPECT_EQ(playback.wait_for_step({})->seek_to, 11U);
  playback.step(1);  // frame 11 is being read
  playback.delivered(11, milliseconds(440));
  EXPECT_EQ(playback.wait_for_step({})->seek_to, 12U);
}

TEST(Playback, ASeekAskedForWhileTheEndIsFoundPlaysOn) {
  Playback playback;
  ASSERT_TRUE(playback.wait_for_step({})->reads_frame);
  playback.seek(5);
  playback.reached_end();
  const auto step = playback.wait_for_step({});
  EXPECT_EQ(step->seek_to, 5U);
  EXPECT_TRUE(step->mode.is_playing);
  EXPECT_FALSE(step->mode.at_end);
}

TEST(Playback, TheWayOfASeekIsNoFrameInterval) {
  Playback playback;
  for (std::uint64_t i = 0; i < 2; ++i) {
    ASSERT_TRUE(playback.wait_for_step({}).has_value());
    playback.delivered(i, milliseconds(10 * i));
  }
  playback.seek(9000);
  ASSERT_EQ(playback.wait_for_step({})->seek_to, 9000U);
  playback.delivered(9000, std::chrono::hours(1));
  // Due ten milliseconds later; an hour later the whole test run would have been stopped.
  EXPECT_TRUE(playback.wait_for_step({})->reads_frame);
}

TEST(Playback, TheEndIsTold) {
  Playback playback;
  ASSERT_TRUE(playback.wait_for_step({})->reads_frame);
  playback.reached_end();
  const auto step = playback.wait_for_step({});
  EXPECT_FALSE(step->reads_frame);
  EXPECT_TRUE(step->mode.at_end);
}

TEST(Playback, StopEndsTheWait) {
  Playback playback;
  playback.pause();
  EXPECT_FALSE(playback.wait_for_step({})->reads_frame);
  std::optional<PlaybackStep> step = PlaybackStep{};
  std::jthread capture([&](const std::stop_token& stop) { step = playback.wait_for_step(stop); });
  capture.request_stop();
  capture.join();
  EXPECT_FALSE(step.has_value());
}

TEST(Playback, StepsPauseAndAddUpAndStopAtTheStart) {
  Playback playback;
  playback.delivered(10, milliseconds(400));
  playback.step(1);
  playback.step(1);
  EXPECT_EQ(playback.wait_for_step({})->seek_to, 12U);
  EXPECT_FALSE(playback.mode().is_playing);
  playback.delivered(12, milliseconds(480));
  playback.step(-20);
  EXPECT_EQ(playback.wait_for_step({})->seek_to, 0U);
}

TEST(Playback, PlayAfterTheEndStartsOver) {
  Playback playback;
  playback.delivered(99, milliseconds(4000));
  playback.reached_end();
  EXPECT_TRUE(playback.mode().at_end);
  playback.play();
  EXPECT_EQ(playback.wait_for_step({})->seek_to, 0U);
  EXPECT_FALSE(playback.mode().at_end);
  EXPECT_TRUE(playback.mode().is_playing);
}

TEST(Playback, FramesComeNoEarlierThanTheirCaptureTimesSay) {
  Playback playback;
  const auto start = Playback::Clock::now();
  for (std::uint64_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(playback.wait_for_step({}).has_value());
    playback.delivered(i, milliseconds(20 * i));
  }
  // Frame 4 was taken 80 ms after frame 0. It may come later on a busy machine, never earlier (one clock tick
  // of rounding).
  EXPECT_GE(Playback::Clock::now() - start, milliseconds(79));
}

TEST(Playback, SpeedIsClampedAndZeroMeansNoWaiting) {
  Playback playback;
  playback.set_speed(100.0);
  EXPECT_EQ(playback.mode().speed, 8.0);
  playback.set_speed(0.001);
  EXPECT_EQ(playback.mode().speed, 0.1);
  playback.set_speed(0.0);
  playback.delivered(0, milliseconds(0));
  playback.delivered(1, std::chrono::hours(1));
  EXPECT_TRUE(playback.wait_for_step({}).has_value());
}

std::shared_ptr<const ReplayPlaces> five_places() {
  std::vector<VideoPicture> pictures;
  for (const int number : {0, 1, 4, 5, 9}) pictures.push_back({number, milliseconds(10 * number), number});
  return std::make_shared<const ReplayPlaces>(std::move(pictures));
}

TEST(Playback, OfASessionStepsGoFromPictureToPicture) {
  Playback playback;
  playback.know(five_places());
  playback.pause();
  EXPECT_EQ(playback.delivered(4, milliseconds(40)), 2U);
  playback.step(1);
  EXPECT_EQ(playback.wait_for_step({})->seek_to, 3U);
  playback.delivered(5, milliseconds(50));
  playback.step(-2);
  EXPECT_EQ(playback.time(), milliseconds(10));
  EXPECT_EQ(playback.wait_for_step({})->seek_to, 1U) << "over the frames that were lost";
}

TEST(Playback, OfASessionATimeIsSoughtAlsoBeforeItIsOpen) {
  Playback playback;
  playback.seek_time(milliseconds(57));
  playback.know(five_places());
  EXPECT_EQ(playback.wait_for_step({})->seek_to, 3U);
  playback.seek_time(milliseconds(41));
  playback.step(1);
  EXPECT_EQ(playback.wait_for_step({})->seek_to, 3U) << "from where it was going";
}

TEST(Playback, EndsAtTheMarkOutAndGoesOnFromTheMarkIn) {
  Playback playback;
  playback.know(five_places());
  playback.set_trim({milliseconds(35), milliseconds(52)});
  ASSERT_TRUE(playback.wait_for_step({})->reads_frame);
  playback.delivered(1, milliseconds(10));
  playback.delivered(4, milliseconds(40));
  EXPECT_TRUE(playback.mode().is_playing);
  playback.delivered(5, milliseconds(50));
  EXPECT_TRUE(playback.mode().at_end);
  const auto told = playback.wait_for_step({});
  EXPECT_FALSE(told->reads_frame);
  EXPECT_TRUE(told->mode.at_end);
  playback.play();
  EXPECT_EQ(playback.wait_for_step({})->seek_to, 2U) << "the first picture at or after the mark";
}

TEST(Playback, BeyondTheMarkOutItPlaysOnAndAPausedSeekThereEndsNothing) {
  Playback playback;
  playback.know(five_places());
  playback.set_trim({std::nullopt, milliseconds(12)});
  playback.seek(2);
  ASSERT_EQ(playback.wait_for_step({})->seek_to, 2U);
  playback.delivered(4, milliseconds(40));
  playback.delivered(5, milliseconds(50));
  EXPECT_TRUE(playback.mode().is_playing);
  playback.pause();
  playback.seek(1);
  ASSERT_EQ(playback.wait_for_step({})->seek_to, 1U);
  playback.delivered(1, milliseconds(10));
  EXPECT_FALSE(playback.mode().at_end);
}

}  // namespace
}  // namespace yarbus::playback_test
