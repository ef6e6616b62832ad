#include "tracker/pupil/ellipse_fit.h"

#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "eyemodel/types/pupil_observation.h"
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

/// Offsets from `start` to the outline of `truth` along the normals of `start`, by bisection.
std::vector<NormalOffset> offsets_to(const OutlineShape& start, const Ellipse& truth, int count) {
  std::vector<NormalOffset> offsets;
  for (int i = 0; i < count; ++i) {
    const double c = std::cos(2.0 * std::numbers::pi * i / count);
    const double s = std::sin(2.0 * std::numbers::pi * i / count);
    double low = -12.0;
    double high = 12.0;
    for (int k = 0; k < 50; ++k) {
      const double middle = 0.5 * (low + high);
      const Eigen::Vector2d point = start.point_at(c, s) + middle * start.normal_at(c, s);
      (testing::detail::inside(truth, point.x(), point.y()) ? low : high) = middle;
    }
    offsets.push_back({c, s, 0.5 * (low + high), 1.0});
  }
  return offsets;
}

TEST(MoveOutline, ConvergesToTheTruth) {
  const Ellipse truth{{101.0, 98.0}, 33.0, 26.0, 0.4};
  OutlineShape shape = OutlineShape::from({{99.0, 100.0}, 29.0, 29.0, 0.0});
  for (int k = 0; k < 5; ++k) ASSERT_TRUE(move_outline(shape, offsets_to(shape, truth, 96), 0.05));
  EXPECT_LT(outline_distance_px(shape.to_ellipse(), truth), 0.02);
}

TEST(MoveOutline, IsNotDraggedByWildOffsets) {
  // A third of the outline spoilt here and there (lashes), or a sixth of it in one piece (a lid).
  const Ellipse truth{{100.0, 100.0}, 30.0, 27.0, 1.0};
  for (const bool in_one_piece : {false, true}) {
    OutlineShape shape = OutlineShape::from({{100.8, 99.5}, 29.5, 28.0, 0.5});
    for (int k = 0; k < 4; ++k) {
      auto offsets = offsets_to(shape, truth, 96);
      for (std::size_t i = 0; i < 96; ++i)
        if (in_one_piece ? i < 16 : i % 3 == 0) offsets[i].offset_px += 4.0;
      ASSERT_TRUE(move_outline(shape, offsets, 0.15));
    }
    EXPECT_LT(outline_distance_px(shape.to_ellipse(), truth), 0.2) << in_one_piece;
  }
}

TEST(MoveOutline, RefusesTooFewOffsets) {
  const OutlineShape start = OutlineShape::from({{100.0, 100.0}, 30.0, 27.0, 1.0});
  OutlineShape shape = start;
  const std::vector<NormalOffset> five(5, NormalOffset{1.0, 0.0, 1.0, 1.0});
  EXPECT_FALSE(move_outline(shape, five, 0.1));
  EXPECT_EQ(shape.center_px, start.center_px);
}

}  // namespace
}  // namespace yarbus
