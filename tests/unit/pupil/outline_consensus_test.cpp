#include "tracker/pupil/outline_consensus.h"

#include <cmath>
#include <functional>
#include <numbers>

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"

namespace yarbus::outline_consensus_test {
namespace {

using test::outline_distance_px;

/// Edges that rays from `center_px` meet: on the ellipse, or on the lid's line y = lid_y_px where that comes
/// first.
RayEdges edges_on(const Ellipse& ellipse, const Eigen::Vector2d& center_px, double lid_y_px = -1e9) {
  RayEdges edges;
  for (int ray = 0; ray < rays_per_center; ++ray) {
    const double angle = 2.0 * std::numbers::pi * ray / rays_per_center;
    const Eigen::Vector2d direction(std::cos(angle), std::sin(angle));
    double low = 0.0;
    double high = 400.0;
    for (int k = 0; k < 60; ++k) {
      const double middle = 0.5 * (low + high);
      const Eigen::Vector2d point = center_px + middle * direction;
      (test::detail::inside(ellipse, point.x(), point.y()) ? low : high) = middle;
    }
    Eigen::Vector2d point = center_px + low * direction;
    const Eigen::Vector2d offset = point - ellipse.center_px;
    Eigen::Vector2d gradient =
        offset.dot(ellipse.major_axis()) / std::pow(ellipse.semi_major_px, 2) * ellipse.major_axis() +
        offset.dot(ellipse.minor_axis()) / std::pow(ellipse.semi_minor_px, 2) * ellipse.minor_axis();
    if (point.y() < lid_y_px) {
      point = center_px + (lid_y_px - center_px.y()) / direction.y() * direction;
      gradient = {0.0, -1.0};
    }
    RayEdge edge;
    edge.position_px = point.cast<float>();
    edge.gradient_dir = gradient.normalized().cast<float>();
    edge.slope_gray_per_px = 20.0F;
    edge.inside_gray = 25.0F;
    edge.ray = ray;
    edges.push_back(edge);
  }
  return edges;
}

ConsensusSearch search_of(double radius_px) {
  ConsensusSearch search;
  search.min_radius_px = 0.3 * radius_px;
  search.max_radius_px = 3.0 * radius_px;
  search.core_gray = 25.0;
  search.contrast_gray = 70.0;
  return search;
}

ConsensusOutlines consensus_of(const RayEdges& edges, const ConsensusSearch& search, unsigned seed = 1) {
  std::minstd_rand random(seed);
  ConsensusOutlines outlines;
  find_consensus(edges, search, random, outlines);
  return outlines;
}

double nearest_px(const ConsensusOutlines& outlines, const Ellipse& truth) {
  double nearest = 1e9;
  for (const auto& outline : outlines)
    nearest = std::min(nearest, outline_distance_px(outline.shape.to_ellipse(), truth));
  return nearest;
}

class ConsensusShapes : public ::testing::TestWithParam<Ellipse> {};

TEST_P(ConsensusShapes, AnExactEllipseComesFirstAndWhole) {
  const Ellipse& truth = GetParam();
  const auto edges = edges_on(truth, truth.center_px + Eigen::Vector2d(0.2, -0.15) * truth.semi_minor_px);
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const auto outlines = consensus_of(edges, search_of(truth.semi_major_px), seed);
    ASSERT_FALSE(outlines.empty());
    EXPECT_LT(outline_distance_px(outlines[0].shape.to_ellipse(), truth), 0.1);
    // The flatter an ellipse the less its agreement counts, by at most a half.
    EXPECT_GT(outlines[0].agreement, 0.95 * (0.5 + 0.5 * truth.aspect_ratio()));
    EXPECT_LE(outlines[0].agreement, 1.0);
  }
}

TEST_P(ConsensusShapes, BehindALidTheTrueOutlineIsAmongTheResults) {
  const Ellipse& truth = GetParam();
  const double half_height = std::hypot(truth.semi_major_px * std::sin(truth.angle_rad),
                                        truth.semi_minor_px * std::cos(truth.angle_rad));
  // Either way more than a third of the rays meet the lid.
  struct Lid {
    double above_center, seen_from;  // of half the height
  };
  for (const auto& [above_center, seen_from] : {Lid{0.1, 0.25}, Lid{0.3, 0.0}}) {
    const auto edges = edges_on(truth, truth.center_px + Eigen::Vector2d(0.0, seen_from * half_height),
                                truth.center_px.y() - above_center * half_height);
    int on_lid = 0;
    for (const auto& edge : edges) on_lid += edge.gradient_dir.y() < -0.999F ? 1 : 0;
    ASSERT_GE(on_lid, rays_per_center / 3);
    for (unsigned seed = 1; seed <= 10; ++seed)
      EXPECT_LT(nearest_px(consensus_of(edges, search_of(truth.semi_major_px), seed), truth),
                0.08 * truth.semi_major_px)
          << "lid " << above_center << " above the centre, seed " << seed;
  }
}

TEST(OutlineConsensus, BehindALidOverNearlyHalfOfTheRaysARoundPupilIsAmongTheResults) {
  const Ellipse truth{{60.0, 50.0}, 20.0, 19.0, 0.3};
  const auto edges = edges_on(truth, truth.center_px, truth.center_px.y() - 2.0);
  int on_lid = 0;
  for (const auto& edge : edges) on_lid += edge.gradient_dir.y() < -0.999F ? 1 : 0;
  ASSERT_GE(on_lid, rays_per_center * 45 / 100);
  for (unsigned seed = 1; seed <= 20; ++seed)
    EXPECT_LT(nearest_px(consensus_of(edges, search_of(20.0), seed), truth), 1.5) << "seed " << seed;
}

INSTANTIATE_TEST_SUITE_P(Shapes, ConsensusShapes,
                         ::testing::Values(Ellipse{{60.0, 50.0}, 20.0, 20.0, 0.0},
                                           Ellipse{{60.5, 50.25}, 22.0, 15.0, 0.0},
                                           Ellipse{{60.0, 50.0}, 22.0, 16.0, 1.0},
                                           Ellipse{{60.0, 50.0}, 12.0, 11.0, 2.0},
                                           Ellipse{{200.0, 150.0}, 80.0, 70.0, 0.4}));

TEST(OutlineConsensus, BehindALidOverHalfOfTheRaysAFlatPupilIsAmongTheResults) {
  const Ellipse truth{{60.5, 50.25}, 22.0, 15.0, 0.0};
  const auto edges = edges_on(truth, truth.center_px, truth.center_px.y() - 1.5);
  int among = 0;
  for (unsigned seed = 1; seed <= 50; ++seed)
    among += nearest_px(consensus_of(edges, search_of(22.0), seed), truth) < 1.8 ? 1 : 0;
  EXPECT_GE(among, 48) << "of 50 seeds";
}

TEST(OutlineConsensus, OutliersDoNotMoveIt) {
  const Ellipse truth{{60.0, 50.0}, 22.0, 18.0, 0.7};
  auto edges = edges_on(truth, truth.center_px);
  std::mt19937 random(5);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (i % 5 != 0 && i % 7 != 0) continue;  // every third
    const double angle = 6.28 * static_cast<double>(random() % 1000) / 1000.0;
    const Eigen::Vector2f out = (edges[i].position_px - truth.center_px.cast<float>()).normalized();
    edges[i].position_px += out * static_cast<float>(3 + random() % 12);
    edges[i].gradient_dir = {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
  }
  const auto outlines = consensus_of(edges, search_of(22.0));
  ASSERT_FALSE(outlines.empty());
  EXPECT_LT(outline_distance_px(outlines[0].shape.to_ellipse(), truth), 0.3);
}

TEST(OutlineConsensus, TwoOutlinesAreBothKept) {
  // Pupil and iris: each ray meets both.
  const Ellipse pupil{{100.0, 90.0}, 20.0, 18.0, 0.3};
  const Ellipse iris{{101.0, 91.0}, 45.0, 42.0, 0.3};
  RayEdges edges;
  const auto inner = edges_on(pupil, pupil.center_px);
  const auto outer = edges_on(iris, pupil.center_px);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    edges.push_back(inner[i]);
    edges.push_back(outer[i]);
    edges[edges.size() - 1].inside_gray = 60.0F;
  }
  const auto outlines = consensus_of(edges, search_of(25.0));
  EXPECT_LT(nearest_px(outlines, pupil), 0.3);
  for (std::size_t i = 0; i < outlines.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) EXPECT_FALSE(is_same_outline(outlines[i].shape, outlines[k].shape));
}

TEST(OutlineConsensus, GradientsThatPointInwardsSupportNothing) {
  const Ellipse truth{{60.0, 50.0}, 20.0, 18.0, 0.0};
  auto edges = edges_on(truth, truth.center_px);
  for (auto& edge : edges) edge.gradient_dir = -edge.gradient_dir;
  EXPECT_TRUE(consensus_of(edges, search_of(20.0)).empty() ||
              consensus_of(edges, search_of(20.0))[0].agreement < 0.1);
}

TEST(OutlineConsensus, ReturnsNothingOutsideTheSizesOrForTooFewEdges) {
  const Ellipse truth{{60.0, 50.0}, 20.0, 18.0, 0.0};
  const auto edges = edges_on(truth, truth.center_px);
  ConsensusSearch search = search_of(20.0);
  search.max_radius_px = 15.0;
  for (const auto& outline : consensus_of(edges, search))
    EXPECT_LE(outline.shape.to_ellipse().semi_major_px, 15.0 + 1e-6);
  EXPECT_GT(nearest_px(consensus_of(edges, search), truth), 3.0);
  RayEdges few;
  for (std::size_t i = 0; i < 7; ++i) few.push_back(edges[9 * i]);
  EXPECT_TRUE(consensus_of(few, search_of(20.0)).empty());
  EXPECT_TRUE(consensus_of({}, search_of(20.0)).empty());
  RayEdges one_place;
  for (std::size_t i = 0; i < 30; ++i) one_place.push_back(edges[0]);
  EXPECT_TRUE(consensus_of(one_place, search_of(20.0)).empty());
}

TEST(OutlineConsensus, EqualSeedsGiveEqualResults) {
  const Ellipse truth{{60.0, 50.0}, 22.0, 18.0, 0.7};
  const auto edges = edges_on(truth, truth.center_px + Eigen::Vector2d(0.0, 5.0), 45.0);
  const auto a = consensus_of(edges, search_of(22.0), 17);
  const auto b = consensus_of(edges, search_of(22.0), 17);
  ASSERT_EQ(a.size(), b.size());
  ASSERT_FALSE(a.empty());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].shape.center_px, b[i].shape.center_px);
    EXPECT_EQ(a[i].shape.s_xx_px, b[i].shape.s_xx_px);
    EXPECT_EQ(a[i].agreement, b[i].agreement);
    if (i == 0) continue;
    EXPECT_LE(a[i].agreement, a[i - 1].agreement);
  }
}

}  // namespace
}  // namespace yarbus::outline_consensus_test
