#include "app/session/playback.h"

#include <thread>

#include <gtest/gtest.h>

namespace yarbus {
namespace {

using std::chrono::milliseconds;

TEST(Playback, PlaysFromTheStartWithoutBeingAsked) {
  Playback playback;
  const auto step = playback.wait_for_turn({});
  ASSERT_TRUE(step.has_value());
  EXPECT_FALSE(step->seek_to.has_value());
}

TEST(Playback, PausedWaitsUntilAsked) {
  Playback playback;
  playback.pause();
  std::optional<PlaybackStep> step;
  std::jthread capture([&](const std::stop_token& stop) { step = playback.wait_for_turn(stop); });
  playback.seek(12);
  capture.join();
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ(step->seek_to, 12U);
}

TEST(Playback, StopEndsTheWait) {
  Playback playback;
  playback.pause();
  std::optional<PlaybackStep> step = PlaybackStep{};
  std::jthread capture([&](const std::stop_token& stop) { step = playback.wait_for_turn(stop); });
  capture.request_stop();
  capture.join();
  EXPECT_FALSE(step.has_value());
}

TEST(Playback, StepsPauseAndAddUpAndStopAtTheStart) {
  Playback playback;
  playback.delivered(10, milliseconds(400));
  playback.step(1);
  playback.step(1);
  EXPECT_EQ(playback.wait_for_turn({})->seek_to, 12U);
  EXPECT_FALSE(playback.state().is_playing);
  playback.delivered(12, milliseconds(480));
  playback.step(-20);
  EXPECT_EQ(playback.wait_for_turn({})->seek_to, 0U);
}

TEST(Playback, PlayAfterTheEndStartsOver) {
  Playback playback;
  playback.delivered(99, milliseconds(4000));
  playback.reached_end();
  EXPECT_TRUE(playback.state().at_end);
  playback.play();
  EXPECT_EQ(playback.wait_for_turn({})->seek_to, 0U);
  EXPECT_FALSE(playback.state().at_end);
  EXPECT_TRUE(playback.state().is_playing);
}

TEST(Playback, FramesComeNoEarlierThanTheirCaptureTimesSay) {
  Playback playback;
  const auto start = Playback::Clock::now();
  for (std::uint64_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(playback.wait_for_turn({}).has_value());
    playback.delivered(i, milliseconds(20 * i));
  }
  // Frame 4 was taken 80 ms after frame 0. It may come later on a busy machine, never earlier (one clock tick
  // of rounding).
  EXPECT_GE(Playback::Clock::now() - start, milliseconds(79));
}

TEST(Playback, SpeedIsClampedAndZeroMeansNoWaiting) {
  Playback playback;
  playback.set_speed(100.0);
  EXPECT_EQ(playback.state().speed, 8.0);
  playback.set_speed(0.001);
  EXPECT_EQ(playback.state().speed, 0.1);
  playback.set_speed(0.0);
  playback.delivered(0, milliseconds(0));
  playback.delivered(1, std::chrono::hours(1));
  EXPECT_TRUE(playback.wait_for_turn({}).has_value());
}

}  // namespace
}  // namespace yarbus
