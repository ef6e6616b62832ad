#include "tracker/pupil/outline_step.h"

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"

namespace yarbus {
namespace {

using testing::outline_distance_px;

std::optional<OutlineFit> move(OutlineShape& shape, const std::vector<NormalOffset>& offsets,
                               const StepOptions& options = {}) {
  std::vector<double> residuals(offsets.size());
  return move_outline(shape, offsets, options, residuals);
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
    offsets.push_back({c, s, 0.5 * (low + high), 0.05, 1.0});
  }
  return offsets;
}

TEST(MoveOutline, ConvergesToTheTruth) {
  const Ellipse truth{{101.0, 98.0}, 33.0, 26.0, 0.4};
  OutlineShape shape = OutlineShape::from({{99.0, 100.0}, 29.0, 29.0, 0.0});
  for (int k = 0; k < 5; ++k) ASSERT_TRUE(move(shape, offsets_to(shape, truth, 96)));
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
      ASSERT_TRUE(move(shape, offsets));
    }
    EXPECT_LT(outline_distance_px(shape.to_ellipse(), truth), 0.2) << in_one_piece;
  }
}

TEST(MoveOutline, RefusesTooFewOffsets) {
  const OutlineShape start = OutlineShape::from({{100.0, 100.0}, 30.0, 27.0, 1.0});
  OutlineShape shape = start;
  const std::vector<NormalOffset> five(5, NormalOffset{1.0, 0.0, 1.0, 0.1, 1.0});
  EXPECT_FALSE(move(shape, five));
  EXPECT_EQ(shape.center_px, start.center_px);
}

}  // namespace
}  // namespace yarbus
