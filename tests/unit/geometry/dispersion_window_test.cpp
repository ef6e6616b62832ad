#include "eyemodel/geometry/dispersion_window.h"

#include <cmath>

#include <gtest/gtest.h>

#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/random.h"

namespace yarbus::dispersion_window_test {
namespace {

Eigen::Vector3d axis(double yaw_deg, double pitch_deg) {
  return Eigen::Vector3d(std::tan(radians_of(yaw_deg)), std::tan(radians_of(pitch_deg)), -1.0).normalized();
}

/// Feeds `count` frames and counts those that are still.
int still_frames(DispersionWindow& window, int count, double noise_deg, double speed_deg_s,
                 double rate_hz = 120.0) {
  simulation::Random random(3);
  int still = 0;
  for (int i = 0; i < count; ++i) {
    const double t_s = i / rate_hz;
    still += window.push(time_from_seconds(t_s),
                         axis(speed_deg_s * t_s + noise_deg * random.normal(), noise_deg * random.normal()))
                 ? 1
                 : 0;
  }
  return still;
}

TEST(DispersionWindow, NeedsItsWholeLength) {
  DispersionWindow window(0.15, 1.5);
  for (int i = 0; i < 14; ++i) EXPECT_FALSE(window.push(time_from_seconds(i / 120.0), axis(3, 4)));
  for (int i = 14; i < 30; ++i) window.push(time_from_seconds(i / 120.0), axis(3, 4));
  EXPECT_TRUE(window.is_still());
}

TEST(DispersionWindow, NoiseIsStillAndMotionIsNot) {
  DispersionWindow quiet(0.15, 1.5);
  EXPECT_EQ(still_frames(quiet, 300, 0.2, 0.0), 300 - 15);
  DispersionWindow noisy(0.15, 1.5);
  EXPECT_GT(still_frames(noisy, 300, 0.6, 0.0), 250);
  DispersionWindow moving(0.15, 1.5);
  EXPECT_EQ(still_frames(moving, 300, 0.1, 30.0), 0);
  DispersionWindow wild(0.15, 1.5);
  EXPECT_LT(still_frames(wild, 300, 2.0, 0.0), 60);
}

TEST(DispersionWindow, AJumpEndsItForOneLength) {
  DispersionWindow window(0.15, 1.5);
  int not_still = 0;
  for (int i = 0; i < 120; ++i) {
    const bool is_still = window.push(time_from_seconds(i / 120.0), axis(i < 60 ? 0.0 : 3.0, 0.0));
    if (i >= 30 && !is_still) ++not_still;
  }
  EXPECT_GE(not_still, 17);
  EXPECT_LE(not_still, 19);
}

TEST(DispersionWindow, APauseStartsAnew) {
  DispersionWindow window(0.15, 1.5);
  for (int i = 0; i < 30; ++i) window.push(time_from_seconds(i / 120.0), axis(0, 0));
  ASSERT_TRUE(window.is_still());
  EXPECT_FALSE(window.push(time_from_seconds(0.5), axis(0, 0)));
}

TEST(DispersionWindow, WorksAtLowAndHighRates) {
  DispersionWindow slow(0.15, 1.5);
  EXPECT_GT(still_frames(slow, 60, 0.2, 0.0, 30.0), 50);
  DispersionWindow fast(0.15, 1.5);
  EXPECT_GT(still_frames(fast, 4000, 0.2, 0.0, 2000.0), 3500);
}

}  // namespace
}  // namespace yarbus::dispersion_window_test
