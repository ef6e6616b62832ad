#include "app/recording/camera_clock.h"

#include <random>

#include <gtest/gtest.h>

namespace yarbus::camera_clock_test {
namespace {

using namespace std::chrono_literals;

TEST(CameraClock, LeavesGoodTimesAlone) {
  CameraClock clock(100.0);
  for (int i = 0; i < 50; ++i) {
    const auto settled = clock.settle(7 + i, 3s + i * 10ms);
    EXPECT_EQ(settled.frame, 7 + i);
    EXPECT_EQ(settled.captured_at, 3s + i * 10ms);
    EXPECT_FALSE(settled.reported_at.has_value());
    EXPECT_EQ(settled.lost_before, 0);
    EXPECT_TRUE(settled.note.empty());
  }
}

TEST(CameraClock, CountsFramesThatAreMissing) {
  CameraClock clock(100.0);
  clock.settle(5, 1s);
  EXPECT_EQ(clock.settle(9, 1040ms).lost_before, 3);
}

TEST(CameraClock, MovesASlipToJustAfter) {
  CameraClock clock(100.0);
  clock.settle(0, 1s);
  const auto slipped = clock.settle(1, 998ms);
  EXPECT_EQ(slipped.captured_at, 1s + 1us);
  EXPECT_EQ(slipped.reported_at, CaptureTime(998ms));
  // The next one is on time again.
  const auto next = clock.settle(2, 1020ms);
  EXPECT_EQ(next.captured_at, CaptureTime(1020ms));
  EXPECT_FALSE(next.reported_at.has_value());
}

TEST(CameraClock, GoesOnAfterTheClockWasSetBack) {
  CameraClock clock(100.0);
  clock.settle(0, 1000s);
  const auto back = clock.settle(1, 400s);
  EXPECT_EQ(back.captured_at, 1000s + 10ms);
  EXPECT_EQ(back.reported_at, CaptureTime(400s));
  EXPECT_NE(back.note.find("600.000 s"), std::string::npos) << back.note;
  const auto later = clock.settle(2, 400s + 13ms);
  EXPECT_EQ(later.captured_at, 1000s + 23ms) << "the intervals stay those of the camera";
  EXPECT_TRUE(later.note.empty());
  EXPECT_EQ(clock.repaired(400s + 13ms), 1000s + 23ms);
  EXPECT_EQ(clock.find(1, 400s).captured_at, 1000s + 10ms);
}

TEST(CameraClock, NumbersOnWhenTheSourceCountsAnew) {
  CameraClock clock(100.0);
  clock.settle(41, 1s);
  const auto anew = clock.settle(0, 1010ms);
  EXPECT_EQ(anew.frame, 42);
  EXPECT_FALSE(anew.note.empty());
  EXPECT_EQ(clock.settle(2, 1030ms).frame, 44);
  EXPECT_EQ(clock.find(2, 1030ms).frame, 44);
  EXPECT_EQ(clock.find(41, 1s).frame, 41) << "a result that comes late belongs to the old count";
}

TEST(CameraClock, AlwaysRises) {
  std::mt19937 random(20261126);
  std::uniform_int_distribution<std::int64_t> sequence(0, 100);
  std::uniform_int_distribution<std::int64_t> time_us(0, 2'000'000);
  CameraClock clock(60.0);
  std::int64_t last_frame = -1;
  CaptureTime last_time = CaptureTime::min();
  for (int i = 0; i < 5000; ++i) {
    const auto settled = clock.settle(sequence(random), std::chrono::microseconds(time_us(random)));
    ASSERT_GT(settled.frame, last_frame);
    ASSERT_GT(settled.captured_at, last_time);
    ASSERT_GE(settled.lost_before, 0);
    last_frame = settled.frame;
    last_time = settled.captured_at;
  }
}

}  // namespace
}  // namespace yarbus::camera_clock_test
