#include "tracker/pupil/outline_step.h"

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"

namespace yarbus::outline_step_test {
namespace {

using test::outline_distance_px;

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
      (test::detail::inside(truth, point.x(), point.y()) ? low : high) = middle;
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

/// Offsets of an outline that is true already: noise of `sigma_px`, on the share of the outline that is
/// visible.
std::vector<NormalOffset> noisy_offsets(int count, double sigma_px, double visible_share,
                                        std::mt19937& random) {
  std::normal_distribution<double> noise(0.0, sigma_px);
  std::vector<NormalOffset> offsets;
  for (int i = 0; i < count; ++i) {
    const double angle = 2.0 * std::numbers::pi * i / count;
    offsets.push_back(
        {std::cos(angle), std::sin(angle), noise(random), sigma_px, i < visible_share * count ? 1.0 : 0.0});
  }
  return offsets;
}

Eigen::Matrix<double, 5, 1> difference(const OutlineShape& a, const OutlineShape& b) {
  Eigen::Matrix<double, 5, 1> d;
  d << a.center_px - b.center_px, a.s_xx_px - b.s_xx_px, a.s_xy_px - b.s_xy_px, a.s_yy_px - b.s_yy_px;
  return d;
}

TEST(MoveOutline, TheCovarianceIsTheScatter) {
  // Noise well above the floor for pupils that are no ellipses.
  const OutlineShape truth = OutlineShape::from({{100.0, 100.0}, 20.0, 18.0, 0.5});
  for (const double visible : {1.0, 0.6}) {
    std::mt19937 random(7);
    OutlineCovariance scatter = OutlineCovariance::Zero();
    OutlineCovariance stated = OutlineCovariance::Zero();
    double mahalanobis2 = 0.0;
    constexpr int runs = 400;
    for (int run = 0; run < runs; ++run) {
      OutlineShape shape = truth;
      const auto fit = move(shape, noisy_offsets(96, 0.5, visible, random));
      ASSERT_TRUE(fit);
      const auto error = difference(shape, truth);
      scatter += error * error.transpose() / runs;
      stated += fit->covariance_px2 / runs;
      mahalanobis2 += error.dot(fit->covariance_px2.ldlt().solve(error)) / runs;
      EXPECT_NEAR(fit->residual_px, 0.5, 0.3);
    }
    for (int k = 0; k < 5; ++k)
      EXPECT_NEAR(std::sqrt(stated(k, k) / scatter(k, k)), 1.0, 0.25)
          << "visible " << visible << " element " << k;
    EXPECT_GT(mahalanobis2, 3.0) << visible;  // 5 when exact
    EXPECT_LT(mahalanobis2, 7.0) << visible;
  }
}

TEST(MoveOutline, SharedNoiseWidensTheCovariance) {
  std::mt19937 random(3);
  const auto offsets = noisy_offsets(96, 0.5, 1.0, random);
  const OutlineShape truth = OutlineShape::from({{100.0, 100.0}, 20.0, 18.0, 0.5});
  OutlineShape shape = truth;
  StepOptions options;
  const auto alone = move(shape, offsets, options);
  shape = truth;
  options.shared_noise_factor = 4.0;
  const auto shared = move(shape, offsets, options);
  ASSERT_TRUE(alone && shared);
  EXPECT_NEAR(shared->covariance_px2(0, 0) / alone->covariance_px2(0, 0), 4.0, 0.6);
}

TEST(MoveOutline, NoPupilIsSurerThanItsShape) {
  // Without any noise the floor remains, higher for an oblique pupil and for one that is half hidden.
  const auto center_sigma = [](const Ellipse& ellipse, double visible) {
    std::mt19937 random(1);
    OutlineShape shape = OutlineShape::from(ellipse);
    const auto fit = move(shape, noisy_offsets(96, 1e-4, visible, random));
    return fit ? std::sqrt(fit->covariance_px2(0, 0)) : std::nan("");
  };
  const double round = center_sigma({{100.0, 100.0}, 45.0, 45.0, 0.0}, 1.0);
  EXPECT_GT(round, 0.02);
  EXPECT_LT(round, 0.08);
  EXPECT_GT(center_sigma({{100.0, 100.0}, 45.0, 25.0, 0.0}, 1.0), 2.0 * round);
  EXPECT_GT(center_sigma({{100.0, 100.0}, 45.0, 45.0, 0.0}, 0.5), 2.0 * round);
}

TEST(MoveOutline, AMisfitThatNeighboursShareCounts) {
  // A three-lobed pupil: the ellipse cannot follow, and its covariance must know.
  const OutlineShape truth = OutlineShape::from({{100.0, 100.0}, 45.0, 45.0, 0.0});
  std::mt19937 random(1);
  auto offsets = noisy_offsets(96, 0.02, 1.0, random);
  OutlineShape shape = truth;
  const auto plain = move(shape, offsets);
  for (std::size_t i = 0; i < offsets.size(); ++i)
    offsets[i].offset_px += 0.3 * std::cos(6.0 * std::numbers::pi * static_cast<double>(i) / 96.0);
  shape = truth;
  const auto lobed = move(shape, offsets);
  ASSERT_TRUE(plain && lobed);
  EXPECT_GT(lobed->covariance_px2(0, 0), 4.0 * plain->covariance_px2(0, 0));
  EXPECT_LT(outline_distance_px(shape.to_ellipse(), truth.to_ellipse()), 0.05);
}

/// An expectation that is sure of the shape but not of the place.
OutlineExpectation sure_of_shape(const Ellipse& ellipse, double center_sigma_px, double shape_sigma_px) {
  OutlineExpectation expectation{OutlineShape::from(ellipse), OutlineCovariance::Zero()};
  expectation.information.diagonal().head<2>().setConstant(1.0 / (center_sigma_px * center_sigma_px));
  expectation.information.diagonal().tail<3>().setConstant(1.0 / (shape_sigma_px * shape_sigma_px));
  return expectation;
}

TEST(MoveOutline, AShortArcIsCompletedByWhatIsExpected) {
  const Ellipse truth{{100.0, 100.0}, 30.0, 27.0, 1.0};
  Ellipse start = truth;
  start.center_px += Eigen::Vector2d(0.7, -0.5);
  const auto expectation = sure_of_shape(start, 3.0, 0.1);
  double alone = 0.0;
  double guided = 0.0;
  std::mt19937 random(2);
  std::normal_distribution<double> noise(0.0, 0.15);
  for (int run = 0; run < 20; ++run) {
    for (const bool use : {false, true}) {
      OutlineShape shape = OutlineShape::from(start);
      StepOptions options;
      options.expectation = use ? &expectation : nullptr;
      for (int k = 0; k < 3; ++k) {
        auto offsets = offsets_to(shape, truth, 96);
        for (std::size_t i = 0; i < 96; ++i) {
          offsets[i].offset_px += noise(random);
          offsets[i].sigma_px = 0.15;
          if (i >= 38) offsets[i].weight = 0.0;  // 40 % are seen
        }
        ASSERT_TRUE(move(shape, offsets, options));
      }
      (use ? guided : alone) += outline_distance_px(shape.to_ellipse(), truth) / 20.0;
    }
  }
  EXPECT_LT(guided, 0.3);
  EXPECT_GT(alone, 2.0 * guided);
}

TEST(MoveOutline, AWholeOutlineNeedsNoExpectationAndObeysNoWrongOne) {
  const Ellipse truth{{100.0, 100.0}, 30.0, 27.0, 1.0};
  const auto fitted = [&](const OutlineExpectation* expectation) {
    OutlineShape shape = OutlineShape::from({{101.0, 99.5}, 29.5, 28.0, 0.5});
    StepOptions options;
    options.expectation = expectation;
    for (int k = 0; k < 3; ++k) EXPECT_TRUE(move(shape, offsets_to(shape, truth, 96), options));
    return shape.to_ellipse();
  };
  const Ellipse alone = fitted(nullptr);
  const auto near = sure_of_shape({{102.0, 98.0}, 30.5, 26.8, 1.0}, 3.0, 0.5);
  EXPECT_LT(outline_distance_px(fitted(&near), alone), 0.02);
  const auto far = sure_of_shape({{160.0, 80.0}, 40.0, 20.0, 1.0}, 3.0, 0.5);  // before a saccade
  EXPECT_LT(outline_distance_px(fitted(&far), alone), 0.1);
}

}  // namespace
}  // namespace yarbus::outline_step_test
