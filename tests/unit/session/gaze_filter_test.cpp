#include "app/session/gaze_filter.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace yarbus::gaze_filter_test {
namespace {

constexpr double mm_per_deg = 10.5;
CaptureTime at_frame(int frame) { return CaptureTime(frame * 1'000'000'000LL / 120); }

class GazeSmootherTest : public testing::TestWithParam<GazeFilter> {
 protected:
  GazeSmootherTest() { smoother_.set(GetParam()); }
  GazeSmoother smoother_;
};

/// Root mean square from the true place, over the last second of two, in units of the noise.
TEST_P(GazeSmootherTest, SteadiesAFixation) {
  std::mt19937 random(2);
  std::normal_distribution<double> noise(0.0, 0.3 * mm_per_deg);
  double squares = 0.0;
  for (int frame = 0; frame < 240; ++frame) {
    const Eigen::Vector2d off = smoother_.push(at_frame(frame), {noise(random), noise(random)}, mm_per_deg);
    if (frame >= 120) squares += off.squaredNorm();
  }
  const double share = std::sqrt(squares / 240.0) / (0.3 * mm_per_deg);
  EXPECT_LT(share, GetParam() == GazeFilter::none ? 1.2 : 0.7);
  EXPECT_GT(share, GetParam() == GazeFilter::none ? 0.8 : 0.0);
}

TEST_P(GazeSmootherTest, FollowsASaccadeWithinATenthOfASecond) {
  for (int frame = 0; frame < 60; ++frame) smoother_.push(at_frame(frame), {0.0, 0.0}, mm_per_deg);
  Eigen::Vector2d place = Eigen::Vector2d::Zero();
  for (int frame = 60; frame < 72; ++frame)
    place = smoother_.push(at_frame(frame), {15.0 * mm_per_deg, 0.0}, mm_per_deg);
  EXPECT_NEAR(place.x() / mm_per_deg, 15.0, 1.0);
}

/// What is stated is what a ramp shows.
TEST_P(GazeSmootherTest, StatesByHowMuchItTrails) {
  const double speed_mm_s = 8.0 * mm_per_deg;
  Eigen::Vector2d place = Eigen::Vector2d::Zero();
  Eigen::Vector2d now = Eigen::Vector2d::Zero();
  for (int frame = 0; frame < 240; ++frame) {
    now = {speed_mm_s * frame / 120.0, 0.0};
    place = smoother_.push(at_frame(frame), now, mm_per_deg);
  }
  if (GetParam() == GazeFilter::fixation) {  // it jumps along: no single delay, but never further behind than
                                             // a fixation is wide
    EXPECT_GE((now - place).x(), -1e-9);
    EXPECT_LE((now - place).x(), 1.5 * mm_per_deg);
    return;
  }
  EXPECT_NEAR((now - place).x() / speed_mm_s, smoother_.added_latency_s(), 0.01);
}

TEST_P(GazeSmootherTest, StartsAnewAfterAGap) {
  for (int frame = 0; frame < 60; ++frame) smoother_.push(at_frame(frame), {0.0, 0.0}, mm_per_deg);
  EXPECT_EQ(smoother_.push(at_frame(200), {50.0, 20.0}, mm_per_deg), Eigen::Vector2d(50.0, 20.0));
}

INSTANTIATE_TEST_SUITE_P(Filters, GazeSmootherTest,
                         testing::Values(GazeFilter::none, GazeFilter::one_euro, GazeFilter::fixation));

}  // namespace
}  // namespace yarbus::gaze_filter_test
