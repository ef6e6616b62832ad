#include "tracker/events/gaze_velocity.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/random.h"

namespace yarbus::gaze_velocity_test {
namespace {

constexpr CaptureTime no_limit = std::chrono::hours(1);

std::vector<GazeVelocity> velocities_of(const std::vector<GazeDirectionSample>& series, std::size_t half,
                                        CaptureTime longest_step = no_limit) {
  VelocityFilter filter;
  filter.set_window(half, longest_step);
  std::vector<GazeVelocity> velocities;
  for (const auto& sample : series) {
    filter.push(sample);
    while (const auto velocity = filter.next()) velocities.push_back(*velocity);
  }
  filter.finish();
  while (const auto velocity = filter.next()) velocities.push_back(*velocity);
  return velocities;
}

GazeDirectionSample seen(double t_s, double right_deg, double up_deg) {
  return {time_from_seconds(t_s), direction_from_angles_deg(right_deg, up_deg), true};
}

TEST(VelocityFilter, IsExactForSteadyMotionAtUnevenTimes) {
  simulation::Random random(3);
  std::vector<GazeDirectionSample> series;
  double t_s = 0.0;
  for (int i = 0; i < 200; ++i) {
    t_s += 0.008 * random.uniform(0.5, 1.5);
    series.push_back(seen(t_s, 20.0 * t_s - 10.0, 0.0));
  }
  for (const std::size_t half : {1U, 2U, 5U}) {
    const auto velocities = velocities_of(series, half);
    ASSERT_EQ(velocities.size(), series.size());
    for (std::size_t i = 0; i < velocities.size(); ++i) {
      EXPECT_EQ(velocities[i].at, series[i].at);
      const bool is_inside = i >= half && i + half < series.size();
      EXPECT_EQ(velocities[i].is_valid, is_inside) << i;
      if (!is_inside) continue;
      EXPECT_NEAR(velocities[i].right_up_deg_s.x(), 20.0, 0.05) << i;
      EXPECT_NEAR(velocities[i].right_up_deg_s.y(), 0.0, 0.05) << i;
    }
  }
}

TEST(VelocityFilter, UpIsUpAndHorizontalMotionCountsAsAngleOfGaze) {
  std::vector<GazeDirectionSample> rising;
  std::vector<GazeDirectionSample> turning_high;
  std::vector<GazeDirectionSample> behind;
  for (int i = 0; i < 40; ++i) {
    rising.push_back(seen(0.01 * i, 5.0, 0.3 * i));
    turning_high.push_back(seen(0.01 * i, 0.3 * i, 60.0));
    behind.push_back(seen(0.01 * i, 176.0 + 0.3 * i, 0.0));  // as before a near-eye camera; passes 180
  }
  EXPECT_NEAR(velocities_of(rising, 2)[20].right_up_deg_s.y(), 30.0, 0.1);
  EXPECT_NEAR(velocities_of(turning_high, 2)[20].right_up_deg_s.x(), 15.0, 0.1);
  for (std::size_t i = 2; i < 38; ++i) EXPECT_NEAR(velocities_of(behind, 2)[i].right_up_deg_s.x(), 30.0, 0.1);
}

TEST(VelocityFilter, ASingleOutlierLeavesNoTrace) {
  std::vector<GazeDirectionSample> series;
  for (int i = 0; i < 60; ++i) series.push_back(seen(i / 120.0, i == 30 ? 8.0 : 0.0, i == 30 ? -3.0 : 0.0));
  for (const auto& velocity : velocities_of(series, 2)) EXPECT_LT(velocity.speed_deg_s(), 1e-6);
}

TEST(VelocityFilter, WindowsEndAtLossesAndGaps) {
  std::vector<GazeDirectionSample> series;
  for (int i = 0; i < 60; ++i) series.push_back(seen(i / 100.0 + (i >= 40 ? 0.1 : 0.0), 0.0, 0.0));
  series[20].is_valid = false;
  series[21].direction = Eigen::Vector3d::Constant(std::nan(""));
  const auto velocities = velocities_of(series, 2, std::chrono::milliseconds(25));
  for (std::size_t i = 2; i + 2 < series.size(); ++i) {
    const bool is_near_loss = i >= 18 && i <= 23;
    const bool is_near_gap = i >= 38 && i <= 41;
    EXPECT_EQ(velocities[i].is_valid, !is_near_loss && !is_near_gap) << i;
  }
}

TEST(VelocityFilter, KeepsItsLatencyAndRefusesTimesThatDoNotRise) {
  VelocityFilter filter;
  filter.set_window(2, no_limit);
  std::size_t told = 0;
  for (std::size_t i = 0; i < 50; ++i) {
    filter.push(seen(0.01 * static_cast<double>(i), 0.0, 0.0));
    while (filter.next()) ++told;
    const std::size_t latency = filter.latency_samples();
    EXPECT_EQ(told, i >= latency ? i + 1 - latency : 0U);
  }
  EXPECT_THROW(filter.push(seen(0.1, 0.0, 0.0)), CheckFailure);
  EXPECT_THROW(filter.set_window(0, no_limit), CheckFailure);
}

}  // namespace
}  // namespace yarbus::gaze_velocity_test
