// The mirror image of a light on the cornea: the law of reflection itself, and numeric differences.
#include "eyemodel/geometry/corneal_reflection.h"

#include <cmath>
#include <limits>
#include <random>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "tests/support/gradient_check.h"

namespace yarbus::corneal_reflection_test {
namespace {

struct Mirror {
  Eigen::Vector3d center_mm;
  double radius_mm = 7.8;
  Eigen::Vector3d light_mm;
};

Mirror random_mirror(unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  Mirror mirror;
  mirror.center_mm = {12.0 * uniform(random), 10.0 * uniform(random), 32.0 + 15.0 * uniform(random)};
  mirror.radius_mm = 7.8 + 0.8 * uniform(random);
  mirror.light_mm = {40.0 * uniform(random), 30.0 * uniform(random), 10.0 * uniform(random)};
  return mirror;
}

std::optional<CornealReflection> reflect(const Mirror& mirror) {
  return reflect_on_cornea(mirror.center_mm, mirror.radius_mm, mirror.light_mm);
}

TEST(CornealReflection, IncomingAndOutgoingRayMakeEqualAnglesInOnePlane) {
  int checked = 0;
  for (unsigned seed = 1; seed <= 500; ++seed) {
    const Mirror mirror = random_mirror(seed);
    const auto reflection = reflect(mirror);
    if (!reflection) continue;
    const Eigen::Vector3d& point = reflection->point_in_cam_mm;
    const Eigen::Vector3d normal = (point - mirror.center_mm) / mirror.radius_mm;
    EXPECT_NEAR(normal.norm(), 1.0, 1e-12) << seed;
    EXPECT_LT((normal - reflection->normal_in_cam).norm(), 1e-12) << seed;
    const Eigen::Vector3d arriving = (point - mirror.light_mm).normalized();
    const Eigen::Vector3d leaving = arriving - 2.0 * arriving.dot(normal) * normal;  // the mirror's law
    EXPECT_LT((leaving + point.normalized()).norm(), 1e-9) << seed << ": straight to the camera";
    EXPECT_LT(arriving.dot(normal), 0.0) << seed << ": from outside";
    EXPECT_LT(point.dot(normal), 0.0) << seed << ": on the side that is seen";
    ++checked;
  }
  EXPECT_GT(checked, 400);
}

TEST(CornealReflection, DerivativesAreThoseOfDifferences) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const Mirror mirror = random_mirror(seed);
    const auto reflection = reflect(mirror);
    if (!reflection) continue;
    Eigen::VectorXd at(4);
    at << mirror.center_mm, mirror.radius_mm;
    Eigen::MatrixXd analytic(3, 4);
    analytic << reflection->by_cornea_center, reflection->by_cornea_radius;
    const auto values = [&](const Eigen::VectorXd& x) -> Eigen::VectorXd {
      const auto moved = reflect_on_cornea(x.head<3>(), x[3], mirror.light_mm);
      if (!moved) return Eigen::Vector3d::Constant(std::numeric_limits<double>::quiet_NaN());
      return moved->point_in_cam_mm;
    };
    EXPECT_LT(test::jacobian_error(values, analytic, at, Eigen::VectorXd::Constant(4, 1e-5)), 1e-8) << seed;
  }
}

TEST(CornealReflection, ALightAtTheCameraIsSeenStraightOn) {
  const Eigen::Vector3d center(3.0, -4.0, 30.0);
  for (const double along : {0.0, 0.2, -0.5}) {
    const auto reflection = reflect_on_cornea(center, 7.8, along * center);
    ASSERT_TRUE(reflection.has_value()) << along;
    EXPECT_LT((reflection->normal_in_cam + center.normalized()).norm(), 1e-9) << along;
    EXPECT_TRUE(reflection->by_cornea_center.allFinite()) << along;
  }
}

TEST(CornealReflection, WhatIsNotLitOrNotSeenHasNoImage) {
  const Eigen::Vector3d center(0.0, 0.0, 30.0);
  EXPECT_TRUE(reflect_on_cornea(center, 7.8, {30.0, 0.0, 30.0}).has_value()) << "beside the eye";
  EXPECT_FALSE(reflect_on_cornea(center, 7.8, {0.0, 0.0, 60.0}).has_value()) << "behind it";
  EXPECT_FALSE(reflect_on_cornea(center, 7.8, {5.0, 0.0, 60.0}).has_value()) << "in its shadow";
  EXPECT_FALSE(reflect_on_cornea(center, 7.8, {0.0, 2.0, 31.0}).has_value()) << "inside";
  EXPECT_FALSE(reflect_on_cornea({0.0, 0.0, 5.0}, 7.8, {20.0, 0.0, 0.0}).has_value()) << "camera inside";
  EXPECT_FALSE(reflect_on_cornea(center, 0.0, {9.0, 0.0, 0.0}).has_value());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(reflect_on_cornea({nan, 0.0, 30.0}, 7.8, {9.0, 0.0, 0.0}).has_value());
  EXPECT_FALSE(reflect_on_cornea(center, nan, {9.0, 0.0, 0.0}).has_value());
  EXPECT_FALSE(reflect_on_cornea(center, 7.8, {nan, 0.0, 0.0}).has_value());
}

}  // namespace
}  // namespace yarbus::corneal_reflection_test
