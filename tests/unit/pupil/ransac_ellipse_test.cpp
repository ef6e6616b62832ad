#include "tracker/pupil/ransac_ellipse.h"

#include <array>
#include <numbers>

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"

namespace yarbus {
namespace {

/// Edges on the outline within a range of angles, and random ones elsewhere.
RayEdges edges_of(const Ellipse& ellipse, double visible_from_rad, double visible_to_rad, unsigned seed) {
  RayEdges edges;
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(0.0F, 1.0F);
  for (int ray = 0; ray < rays_per_center; ++ray) {
    const double angle = 2.0 * std::numbers::pi * ray / rays_per_center;
    RayEdge edge;
    edge.ray = ray;
    edge.slope_gray_per_px = 10.0F;
    if (angle >= visible_from_rad && angle < visible_to_rad) {
      edge.position_px = ellipse.point_at(angle).cast<float>();
      edge.gradient_dir = (edge.position_px - ellipse.center_px.cast<float>()).normalized();
    } else {
      edge.position_px =
          ellipse.center_px.cast<float>() +
          (10.0F + 50.0F * uniform(random)) *
              Eigen::Vector2f(std::cos(static_cast<float>(angle)), std::sin(static_cast<float>(angle)));
      edge.gradient_dir = Eigen::Vector2f(uniform(random) - 0.5F, uniform(random) - 0.5F).normalized();
    }
    edges.push_back(edge);
  }
  return edges;
}

TEST(RansacEllipse, FindsTheOutlineBetweenStrayEdges) {
  const Ellipse truth{{100.0, 90.0}, 35.0, 29.0, 0.5};
  const RayEdges edges = edges_of(truth, 0.0, 4.2, 7);
  std::array<bool, RayEdges::max_size()> used{};
  std::minstd_rand random(1);
  const auto found = find_outline(edges, OutlineModel::ellipse, {5.0, 80.0, 0.3}, 100, random, used);
  ASSERT_TRUE(found);
  EXPECT_LT(testing::outline_distance_px(found->ellipse, truth), 2.0);
  EXPECT_GT(found->agreement, 0.6);
}

TEST(RansacEllipse, ACircleNeedsOnlyHalfAnArc) {
  const Ellipse truth{{100.0, 90.0}, 30.0, 29.0, 0.5};
  const RayEdges edges = edges_of(truth, 0.0, 3.2, 9);
  std::array<bool, RayEdges::max_size()> used{};
  std::minstd_rand random(1);
  const auto found = find_outline(edges, OutlineModel::circle, {5.0, 80.0, 0.3}, 60, random, used);
  ASSERT_TRUE(found);
  EXPECT_LT(testing::outline_distance_px(found->ellipse, truth), 5.0);
}

TEST(RansacEllipse, TheSameSeedGivesTheSameAnswer) {
  const RayEdges edges = edges_of({{100.0, 90.0}, 35.0, 29.0, 0.5}, 0.0, 3.5, 11);
  std::optional<RansacEllipse> first;
  for (int k = 0; k < 2; ++k) {
    std::array<bool, RayEdges::max_size()> used{};
    std::minstd_rand random(5);
    const auto found = find_outline(edges, OutlineModel::ellipse, {5.0, 80.0, 0.3}, 30, random, used);
    ASSERT_TRUE(found);
    if (first) {
      EXPECT_EQ(first->ellipse.center_px, found->ellipse.center_px);
      EXPECT_EQ(first->ellipse.semi_major_px, found->ellipse.semi_major_px);
    }
    first = found;
  }
}

TEST(RansacEllipse, NeedsEightEdges) {
  RayEdges edges;
  std::array<bool, RayEdges::max_size()> used{};
  std::minstd_rand random(1);
  EXPECT_FALSE(find_outline(edges, OutlineModel::ellipse, {5.0, 80.0, 0.3}, 30, random, used));
}

}  // namespace
}  // namespace yarbus
