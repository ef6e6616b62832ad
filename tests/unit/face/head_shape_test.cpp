#include "tracker/face/head_shape.h"

#include <cmath>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

namespace yarbus::head_shape_test {
namespace {

TEST(HeadShape, ARayFromBeforeTheFaceMeetsItsSurface) {
  int met = 0;
  for (const double yaw : {-0.25, 0.0, 0.25}) {
    const Eigen::Matrix3d turn = Eigen::AngleAxisd(yaw, Eigen::Vector3d::UnitY()).toRotationMatrix();
    const Eigen::Vector3d camera = turn * Eigen::Vector3d(10.0, -20.0, -600.0);
    for (double x = -40.0; x <= 40.0; x += 10.0) {
      for (double y = -60.0; y <= 80.0; y += 10.0) {
        const Eigen::Vector3d ray = (Eigen::Vector3d(x, y, -80.0) - camera).normalized();
        const auto place = HeadShape::meet(camera, ray);
        ASSERT_TRUE(place) << x << " " << y;
        ++met;
        EXPECT_NEAR(place->z(), -HeadShape::depth_mm(place->x(), place->y()), 1e-3);
        EXPECT_LT((*place - camera).cross(ray).norm(), 1e-6) << "on the ray";
        // Before it there is no face.
        for (double before = 1.0; before < 40.0; before += 1.0) {
          const Eigen::Vector3d at = *place - before * ray;
          EXPECT_LT(at.z(), -HeadShape::depth_mm(at.x(), at.y()) + 0.6) << "not the nearest place";
        }
      }
    }
  }
  EXPECT_EQ(met, 3 * 9 * 15);
}

TEST(HeadShape, TheNormalIsAtRightAnglesToTheSurface) {
  for (double x = -45.0; x <= 45.0; x += 15.0) {
    for (double y = -50.0; y <= 75.0; y += 12.5) {
      const Eigen::Vector3d at(x, y, -HeadShape::depth_mm(x, y));
      const Eigen::Vector3d normal = HeadShape::normal_at(at);
      EXPECT_NEAR(normal.norm(), 1.0, 1e-12);
      EXPECT_LT(normal.z(), 0.0) << "outward";
      constexpr double step = 0.1;
      const Eigen::Vector3d right(step, 0.0, HeadShape::depth_mm(x, y) - HeadShape::depth_mm(x + step, y));
      const Eigen::Vector3d down(0.0, step, HeadShape::depth_mm(x, y) - HeadShape::depth_mm(x, y + step));
      EXPECT_NEAR(normal.dot(right.normalized()), 0.0, 0.03);
      EXPECT_NEAR(normal.dot(down.normalized()), 0.0, 0.03);
    }
  }
}

TEST(HeadShape, RaysThatPassByMeetNothing) {
  EXPECT_FALSE(HeadShape::meet({300.0, 0.0, -600.0}, Eigen::Vector3d::UnitZ()));
  EXPECT_FALSE(HeadShape::meet({0.0, 200.0, -600.0}, Eigen::Vector3d::UnitZ()));
  EXPECT_FALSE(HeadShape::meet({0.0, 0.0, -600.0}, -Eigen::Vector3d::UnitZ()));
  EXPECT_FALSE(HeadShape::meet({0.0, 0.0, -600.0}, Eigen::Vector3d::UnitX()));
}

}  // namespace
}  // namespace yarbus::head_shape_test
