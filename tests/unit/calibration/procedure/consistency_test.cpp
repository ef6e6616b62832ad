#include <cmath>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "calibration/procedure/expected_turn.h"
#include "eyemodel/geometry/axis_angles.h"
#include "calibration/procedure/gaze_consistency.h"
#include "eyemodel/simulation/random.h"

namespace yarbus::consistency_test {
namespace {

const ScreenGeometry screen{520.0, 320.0, 1920, 1200, 600.0};

/// Points of a grid, seen by right eyes that look where `place` says.
template <class Place>
std::vector<PointResult> grid(const Place& place) {
  const Eigen::Matrix3d cam_from_screen =
      (Eigen::AngleAxisd(3.4, Eigen::Vector3d::UnitX()) * Eigen::AngleAxisd(0.2, Eigen::Vector3d::UnitZ()))
          .toRotationMatrix();
  std::vector<PointResult> points;
  for (int i = 0; i < 9; ++i) {
    PointResult point;
    point.point = i;
    point.position_in_screen_mm = {52.0 + 208.0 * (i % 3), 32.0 + 128.0 * (i / 3)};
    EyePointResult& eye = point.eyes[0];
    eye.samples = 50;
    eye.mean_target_in_screen_mm = point.position_in_screen_mm;
    const Eigen::Vector2d looked_at_mm = place(i, point.position_in_screen_mm);
    const Eigen::Vector3d visual = expected_tangents(screen, looked_at_mm).homogeneous().normalized();
    eye.mean_axis_in_cam =
        cam_from_screen * (Eigen::AngleAxisd(radians_of(5.0), Eigen::Vector3d::UnitY()) * visual);
    points.push_back(point);
  }
  return points;
}

TEST(GazeConsistency, AttentiveEyesAgree) {
  const auto gaze = find_consistency(grid([](int, const auto& target) { return target; }), screen, 4.0);
  ASSERT_EQ(gaze.eye, EyeSide::right);
  EXPECT_TRUE(gaze.is_consistent);
  EXPECT_NEAR(gaze.spread_share, 1.0, 0.1);
  EXPECT_NEAR(gaze.least_scale, 1.0, 0.15);
  EXPECT_NEAR(gaze.largest_scale, 1.0, 0.15);
  for (const auto& off_deg : gaze.off_deg) EXPECT_LT(*off_deg, 1.0);
}

TEST(GazeConsistency, NamesThePointThatWasNotLookedAt) {
  for (int wrong = 0; wrong < 9; ++wrong) {
    const auto gaze = find_consistency(
        grid([&](int i, const Eigen::Vector2d& target) {
          return Eigen::Vector2d(target + (i == wrong ? 80.0 : 0.0) * Eigen::Vector2d(0.6, 0.8));
        }),
        screen, 4.0);
    EXPECT_TRUE(gaze.is_consistent);
    for (int i = 0; i < 9; ++i) EXPECT_EQ(*gaze.off_deg[i] > 4.0, i == wrong) << i << ' ' << wrong;
  }
}

TEST(GazeConsistency, ChanceIsNotTakenForAttention) {
  simulation::Random random(4);
  int consistent = 0;
  for (int run = 0; run < 200; ++run) {
    const auto gaze =
        find_consistency(grid([&](int, const auto&) {
                           return Eigen::Vector2d(random.uniform(0.0, 520.0), random.uniform(0.0, 320.0));
                         }),
                         screen, 4.0);
    consistent += gaze.is_consistent && gaze.least_scale >= 0.35 ? 1 : 0;
  }
  EXPECT_LE(consistent, 2);
}

TEST(GazeConsistency, SeesOnePlaceAndAWrongSize) {
  const auto stuck =
      find_consistency(grid([](int, const auto&) { return Eigen::Vector2d(260.0, 160.0); }), screen, 4.0);
  EXPECT_LT(stuck.spread_share, 0.05);
  const Eigen::Vector2d middle(260.0, 160.0);
  const auto half = find_consistency(grid([&](int, const Eigen::Vector2d& target) {
                                       return Eigen::Vector2d(middle + 0.5 * (target - middle));
                                     }),
                                     screen, 4.0);
  EXPECT_TRUE(half.is_consistent);
  EXPECT_NEAR(std::sqrt(half.least_scale * half.largest_scale), 0.5, 0.05);
}

TEST(GazeConsistency, SaysNothingOfTooFewPoints) {
  auto points = grid([](int, const auto& target) { return target; });
  points.resize(3);
  const auto gaze = find_consistency(points, screen, 4.0);
  EXPECT_FALSE(gaze.eye);
  EXPECT_EQ(gaze.off_deg.size(), 3U);
}

}  // namespace
}  // namespace yarbus::consistency_test
