#include "tracker/pupil/ellipse_fit.h"

#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "eyemodel/types/outline_shape.h"
#include "tests/support/rotated_rect.h"
#include "tests/support/synthetic_pupil.h"

namespace yarbus {
namespace {

using testing::outline_distance_px;

std::vector<Eigen::Vector2f> points_on(const Ellipse& ellipse, int count, double from_rad = 0.0,
                                       double to_rad = 2.0 * std::numbers::pi) {
  std::vector<Eigen::Vector2f> points;
  for (int i = 0; i < count; ++i)
    points.push_back(ellipse.point_at(from_rad + (to_rad - from_rad) * i / count).cast<float>());
  return points;
}

class EllipseShapes : public ::testing::TestWithParam<Ellipse> {};

TEST_P(EllipseShapes, AlgebraicFitIsExactOnExactPoints) {
  for (const int count : {5, 6, 40}) {
    const auto fitted = fit_ellipse_algebraic(points_on(GetParam(), count));
    ASSERT_TRUE(fitted);
    EXPECT_LT(outline_distance_px(*fitted, GetParam()), 0.02) << count;
  }
}

TEST_P(EllipseShapes, SymmetricRootAndAxesAreInverse) {
  const Ellipse back = OutlineShape::from(GetParam()).to_ellipse();
  EXPECT_NEAR(back.semi_major_px, GetParam().semi_major_px, 1e-9);
  EXPECT_NEAR(back.semi_minor_px, GetParam().semi_minor_px, 1e-9);
  EXPECT_GE(back.angle_rad, 0.0);
  EXPECT_LT(back.angle_rad, std::numbers::pi);
  EXPECT_LT(outline_distance_px(back, GetParam()), 0.01);
}

TEST_P(EllipseShapes, NormalsAreOrthogonalToTheOutline) {
  const OutlineShape shape = OutlineShape::from(GetParam());
  for (double phi = 0.05; phi < 6.2; phi += 0.3) {
    const Eigen::Vector2d tangent = shape.point_at(std::cos(phi + 1e-4), std::sin(phi + 1e-4)) -
                                    shape.point_at(std::cos(phi - 1e-4), std::sin(phi - 1e-4));
    const Eigen::Vector2d normal = shape.normal_at(std::cos(phi), std::sin(phi));
    EXPECT_NEAR(tangent.normalized().dot(normal), 0.0, 1e-6);
    EXPECT_GT(normal.dot(shape.point_at(std::cos(phi), std::sin(phi)) - shape.center_px), 0.0);
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, EllipseShapes,
                         ::testing::Values(Ellipse{{160.0, 120.0}, 40.0, 40.0, 0.0},
                                           Ellipse{{10.5, 200.25}, 30.0, 15.0, 0.0},
                                           Ellipse{{320.0, 240.0}, 60.0, 25.0, 1.2},
                                           Ellipse{{50.0, 60.0}, 9.0, 8.9, 2.9},
                                           Ellipse{{5.0, 5.0}, 12.0, 8.0, std::numbers::pi / 2.0}));

TEST(EllipseFit, AgreesWithOpenCvOnNoisyPoints) {
  const Ellipse truth{{150.0, 110.0}, 45.0, 33.0, 0.8};
  auto points = points_on(truth, 90);
  std::mt19937 random(3);
  std::normal_distribution<float> noise(0.0F, 0.3F);
  std::vector<cv::Point2f> cv_points;
  for (auto& point : points) {
    point += Eigen::Vector2f(noise(random), noise(random));
    cv_points.emplace_back(point.x(), point.y());
  }
  const auto fitted = fit_ellipse_algebraic(points);
  ASSERT_TRUE(fitted);
  EXPECT_LT(outline_distance_px(*fitted, testing::ellipse_from(cv::fitEllipseDirect(cv_points))), 0.15);
  EXPECT_LT(outline_distance_px(*fitted, truth), 0.3);
}

TEST(EllipseFit, RefusesWhatIsNoEllipse) {
  EXPECT_FALSE(fit_ellipse_algebraic({}));
  const Ellipse ellipse{{10.0, 10.0}, 5.0, 4.0, 0.0};
  EXPECT_FALSE(fit_ellipse_algebraic(points_on(ellipse, 4)));
  EXPECT_FALSE(fit_ellipse_algebraic(std::vector<Eigen::Vector2f>(9, Eigen::Vector2f(3.0F, 4.0F))));
  std::vector<Eigen::Vector2f> hyperbola;
  for (const float t : {-1.0F, -0.5F, 0.1F, 0.5F, 1.0F})
    hyperbola.emplace_back(20.0F * std::cosh(t), 20.0F * std::sinh(t));
  EXPECT_FALSE(fit_ellipse_algebraic(hyperbola));
  auto not_a_number = points_on(ellipse, 8);
  not_a_number[3].x() = std::nanf("");
  EXPECT_FALSE(fit_ellipse_algebraic(not_a_number));
}

}  // namespace
}  // namespace yarbus
