#include "calibration/procedure/axis_step.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "calibration/procedure/expected_turn.h"
#include "eyemodel/geometry/axis_angles.h"

namespace yarbus::axis_step_test {
namespace {

const ScreenGeometry screen{530.0, 300.0, 1920, 1080, 600.0};

/// Nine points in an order of chance, looked at with `noise_deg`; from `first_after` on the axes are
/// `step_deg` off.
std::vector<PointResult> looked_at(std::uint64_t seed, double noise_deg, std::size_t first_after,
                                   double step_deg) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise(0.0, radians_of(noise_deg));
  std::vector<Eigen::Vector2d> places;
  for (const double y : {0.1, 0.5, 0.9})
    for (const double x : {0.1, 0.5, 0.9}) places.emplace_back(x * screen.width_mm, y * screen.height_mm);
  std::shuffle(places.begin(), places.end(), random);
  const Eigen::Matrix3d cam_from_screen =
      (Eigen::AngleAxisd(0.4, Eigen::Vector3d::UnitX()) * Eigen::AngleAxisd(3.0, Eigen::Vector3d::UnitY()))
          .toRotationMatrix();
  std::vector<PointResult> points(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    EyePointResult& eye = points[i].eyes[0];
    Eigen::Vector3d axis = expected_tangents(screen, places[i]).homogeneous();
    axis.x() += noise(random);
    axis.y() += noise(random) + (i >= first_after ? std::tan(radians_of(step_deg)) : 0.0);
    eye.samples = 30;
    eye.mean_axis_in_cam = cam_from_screen * axis.normalized();
    eye.mean_target_in_screen_mm = places[i];
  }
  return points;
}

std::optional<AxisStep> step_in(const std::vector<PointResult>& points) {
  std::vector<const PointResult*> shown;
  for (const PointResult& point : points) shown.push_back(&point);
  return find_axis_step(shown, EyeSide::right, screen, 4.0);
}

TEST(AxisStep, AJumpIsFoundWhereItIs) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    for (const std::size_t first_after : {2u, 5u, 7u}) {
      const auto step = step_in(looked_at(seed, 0.3, first_after, 11.0));
      ASSERT_TRUE(step) << seed << ' ' << first_after;
      EXPECT_EQ(step->first_after, first_after);
      EXPECT_NEAR(step->step_deg, 11.0, 1.5);
    }
  }
}

TEST(AxisStep, NoneIsFoundWhereThereIsNone) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    EXPECT_FALSE(step_in(looked_at(seed, 0.5, 9, 0.0))) << seed;
    EXPECT_FALSE(step_in(looked_at(seed, 0.3, 5, 2.0))) << seed;  // too small to matter
  }
}

TEST(AxisStep, OnePointLookedAtElsewhereIsNoSlip) {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    auto points = looked_at(seed, 0.3, 9, 0.0);
    auto& axis = points[seed % points.size()].eyes[0].mean_axis_in_cam;
    axis = Eigen::AngleAxisd(radians_of(8.0), axis.unitOrthogonal()) * axis;
    found += step_in(points) ? 1 : 0;
  }
  EXPECT_EQ(found, 0);
}

TEST(AxisStep, GazeThatGoesAnywhereIsNoSlip) {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) found += step_in(looked_at(seed, 10.0, 9, 0.0)) ? 1 : 0;
  EXPECT_EQ(found, 0);
}

TEST(AxisStep, FewPointsTellNothing) {
  auto points = looked_at(1, 0.1, 3, 11.0);
  points.resize(5);
  EXPECT_FALSE(step_in(points));
}

}  // namespace
}  // namespace yarbus::axis_step_test
