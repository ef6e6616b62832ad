#include "eyemodel/geometry/outline_distance.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "eyemodel/types/check.h"

namespace yarbus::outline_distance_test {
namespace {

std::vector<Eigen::Vector2d> points_of(const Ellipse& ellipse, int count) {
  std::vector<Eigen::Vector2d> points;
  for (int i = 0; i < count; ++i) points.push_back(ellipse.point_at(2.0 * std::numbers::pi * i / count));
  return points;
}

double nearest_px(const Eigen::Vector2d& point, const std::vector<Eigen::Vector2d>& others) {
  double best = 1e300;
  for (const auto& other : others) best = std::min(best, (other - point).squaredNorm());
  return std::sqrt(best);
}

/// Points against points: too large by up to about half a step squared over twice the distance.
double brute_force_px(const Ellipse& a, const Ellipse& b, int count) {
  const auto on_a = points_of(a, count);
  const auto on_b = points_of(b, count);
  double worst = 0.0;
  for (const auto& point : on_a) worst = std::max(worst, nearest_px(point, on_b));
  for (const auto& point : on_b) worst = std::max(worst, nearest_px(point, on_a));
  return worst;
}

Ellipse random_ellipse(std::mt19937& generator) {
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  const double major = 5.0 + 60.0 * unit(generator);
  return {{320.0 + 30.0 * unit(generator), 240.0 + 30.0 * unit(generator)},
          major,
          major * (0.08 + 0.92 * unit(generator)),
          std::numbers::pi * unit(generator)};
}

TEST(OutlineDistance, OfPointsIsTheNearestPointOfTheOutline) {
  std::mt19937 generator(1);
  std::uniform_real_distribution<double> offset(-90.0, 90.0);
  for (int i = 0; i < 200; ++i) {
    const Ellipse ellipse = random_ellipse(generator);
    const Eigen::Vector2d point = ellipse.center_px + Eigen::Vector2d(offset(generator), offset(generator));
    EXPECT_NEAR(distance_to_outline_px(ellipse, point), nearest_px(point, points_of(ellipse, 20000)), 0.01);
  }
}

TEST(OutlineDistance, OfPointsOnTheAxesAndTheOutlineItself) {
  const Ellipse ellipse{{100.0, 50.0}, 20.0, 10.0, 0.0};
  const auto distance = [&](double x, double y) {
    return distance_to_outline_px(ellipse, ellipse.center_px + Eigen::Vector2d(x, y));
  };
  EXPECT_NEAR(distance(0.0, 0.0), 10.0, 1e-9);
  EXPECT_NEAR(distance(0.0, 4.0), 6.0, 1e-9);
  EXPECT_NEAR(distance(0.0, -14.0), 4.0, 1e-9);
  EXPECT_NEAR(distance(25.0, 0.0), 5.0, 1e-9);
  EXPECT_NEAR(distance(-19.0, 0.0), 1.0, 1e-9);
  // Inside the focal stretch the nearest point is off the axis: at cos t = 20 * 6 / 300.
  EXPECT_NEAR(distance(6.0, 0.0), std::hypot(8.0 - 6.0, 10.0 * std::sqrt(1.0 - 0.16)), 1e-9);
  EXPECT_NEAR(distance(6.0, 1e-9), distance(6.0, 0.0), 1e-6);
  for (const auto& point : points_of(ellipse, 360))
    EXPECT_NEAR(distance_to_outline_px(ellipse, point), 0.0, 1e-8);
  const Ellipse circle{{0.0, 0.0}, 7.0, 7.0, 1.0};
  EXPECT_NEAR(distance_to_outline_px(circle, {0.0, 0.0}), 7.0, 1e-9);
  EXPECT_NEAR(distance_to_outline_px(circle, {3.0, 4.0}), 2.0, 1e-9);
}

TEST(HausdorffDistance, KnownCases) {
  const Ellipse circle{{100.0, 50.0}, 20.0, 20.0, 0.0};
  EXPECT_NEAR(hausdorff_distance_px(circle, circle), 0.0, 1e-8);
  EXPECT_NEAR(hausdorff_distance_px(circle, {{103.0, 54.0}, 20.0, 20.0, 0.3}), 5.0, 0.01);
  EXPECT_NEAR(hausdorff_distance_px(circle, {{100.0, 50.0}, 26.0, 26.0, 0.0}), 6.0, 1e-9);
  EXPECT_NEAR(hausdorff_distance_px(circle, {{100.0, 50.0}, 20.0, 10.0, 1.0}), 10.0, 0.01);
  EXPECT_NEAR(hausdorff_distance_px(circle, {{400.0, 50.0}, 5.0, 5.0, 0.0}), 315.0, 0.01) << "far apart";
}

TEST(HausdorffDistance, AgreesWithBruteForceAndIsSymmetric) {
  std::mt19937 generator(2);
  for (int i = 0; i < 60; ++i) {
    const Ellipse a = random_ellipse(generator);
    const Ellipse b = random_ellipse(generator);
    const double distance_px = hausdorff_distance_px(a, b);
    EXPECT_EQ(distance_px, hausdorff_distance_px(b, a));
    EXPECT_NEAR(distance_px, brute_force_px(a, b, 3000), 0.01);
  }
}

TEST(HausdorffDistance, OfCloseOutlinesIsAsExact) {
  std::mt19937 generator(3);
  std::normal_distribution<double> shift(0.0, 0.5);
  for (int i = 0; i < 20; ++i) {
    const Ellipse a = random_ellipse(generator);
    Ellipse b = a;
    b.center_px += Eigen::Vector2d(shift(generator), shift(generator));
    b.semi_major_px += std::abs(shift(generator));
    b.angle_rad = std::fmod(b.angle_rad + 0.05 * std::abs(shift(generator)), std::numbers::pi);
    EXPECT_NEAR(hausdorff_distance_px(a, b), brute_force_px(a, b, 6000), 0.01);
  }
}

TEST(HausdorffDistance, RefusesWhatIsNoEllipse) {
  EXPECT_THROW(hausdorff_distance_px({}, {{0.0, 0.0}, 2.0, 1.0, 0.0}), CheckFailure);
}

}  // namespace
}  // namespace yarbus::outline_distance_test
