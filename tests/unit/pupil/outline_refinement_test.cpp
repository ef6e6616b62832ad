#include "tracker/pupil/outline_refinement.h"

#include <cmath>

#include <Eigen/LU>
#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"

namespace yarbus::outline_refinement_test {
namespace {

using test::outline_distance_px;
using test::SyntheticEye;

SyntheticEye noisy_eye(const Ellipse& pupil) {
  SyntheticEye eye;
  eye.pupil = pupil;
  eye.blur_sigma_px = 1.0;
  eye.noise_gray = 3.0;
  if (pupil.semi_major_px < 12.0) eye.iris_radius_factor = 4.0;
  return eye;
}

Ellipse off_by(Ellipse ellipse, double dx, double dy, double scale = 1.0) {
  ellipse.center_px += Eigen::Vector2d(dx, dy);
  ellipse.semi_major_px *= scale;
  ellipse.semi_minor_px *= scale;
  return ellipse;
}

TEST(OutlineRefinement, HasNoBiasUnderBlurAndNoise) {
  for (const auto& [size, start_px] : {std::pair{45.0, 3.0}, {20.0, 2.0}, {8.0, 1.0}, {5.0, 0.7}}) {
    double diameter = 0.0;
    Eigen::Vector2d center = Eigen::Vector2d::Zero();
    constexpr int runs = 30;
    for (int run = 0; run < runs; ++run) {
      const Ellipse pupil{{160.0 + 0.37 * run, 120.0 - 0.21 * run}, size, 0.9 * size, 0.1 * run};
      SyntheticEye eye = noisy_eye(pupil);
      eye.seed = static_cast<unsigned>(run + 1);
      const GrayImage image = test::draw(eye);
      OutlineShape shape =
          OutlineShape::from(off_by(pupil, start_px * std::cos(run), start_px * std::sin(run)));
      OutlineMeasurement measurement;
      ASSERT_TRUE(
          refine_outline(image.view(), shape, std::max(4.0, 2.0 + 1.5 * start_px), 2, 96, 1.0F, measurement));
      const Ellipse found = shape.to_ellipse();
      diameter += 2.0 * (std::sqrt(found.semi_major_px * found.semi_minor_px) - size * std::sqrt(0.9)) / runs;
      center += (found.center_px - pupil.center_px) / runs;
    }
    EXPECT_LT(std::abs(diameter), 0.03) << size;
    EXPECT_LT(center.norm(), 0.03) << size;
  }
}

TEST(OutlineRefinement, FollowsAShiftedOutline) {
  SyntheticEye eye = noisy_eye({{160.3, 119.6}, 30.0, 30.0, 0.0});
  eye.noise_gray = 0.0;
  const GrayImage image = test::draw(eye);
  OutlineShape shape = OutlineShape::from({{163.5, 117.0}, 28.0, 27.0, 0.3});
  OutlineMeasurement measurement;
  ASSERT_TRUE(refine_outline(image.view(), shape, 8.0, 2, 128, 1.0F, measurement));
  EXPECT_LT((shape.center_px - eye.pupil->center_px).norm(), 0.02);
  EXPECT_NEAR(shape.s_xx_px, 30.0, 0.02);
  EXPECT_NEAR(shape.s_xy_px, 0.0, 0.02);
  EXPECT_NEAR(shape.s_yy_px, 30.0, 0.02);
}

TEST(OutlineRefinement, LeavesTheMeasurementOfTheMovedOutline) {
  const SyntheticEye eye = noisy_eye({{160.3, 119.6}, 30.0, 26.0, 0.8});
  const GrayImage image = test::draw(eye);
  OutlineShape shape = OutlineShape::from(off_by(*eye.pupil, 1.5, -1.0));
  OutlineMeasurement left;
  ASSERT_TRUE(refine_outline(image.view(), shape, 6.0, 2, 96, 1.0F, left));
  OutlineMeasurement again;
  measure_outline(image.view(), shape, 4.0, 96, 1.0F, again);
  ASSERT_EQ(left.count, again.count);
  double largest = 0.0;
  for (std::size_t i = 0; i < left.count; ++i) {
    ASSERT_EQ(left.samples[i].kind, again.samples[i].kind);
    largest = std::max<double>(largest, std::abs(left.samples[i].offset_px - again.samples[i].offset_px));
  }
  EXPECT_LT(largest, 0.15);
}

TEST(OutlineRefinement, ShiftAndTransposeGoThrough) {
  const SyntheticEye eye = noisy_eye({{150.3, 119.6}, 33.0, 25.0, 0.8});
  const GrayImage image = test::draw(eye);
  const auto found = [](const GrayImage& from, const Ellipse& start) {
    OutlineShape shape = OutlineShape::from(start);
    OutlineMeasurement measurement;
    EXPECT_TRUE(refine_outline(from.view(), shape, 6.0, 2, 96, 1.0F, measurement));
    return shape;
  };
  const Ellipse start = off_by(*eye.pupil, 1.0, -1.5);
  const OutlineShape plain = found(image, start);

  constexpr int shift_x = 13;
  constexpr int shift_y = 7;
  GrayImage shifted(image.width_px() + shift_x, image.height_px() + shift_y);
  GrayImage transposed(image.height_px(), image.width_px());
  for (int y = 0; y < image.height_px(); ++y) {
    for (int x = 0; x < image.width_px(); ++x) {
      shifted.row(y + shift_y)[x + shift_x] = image.view().at(x, y);
      transposed.row(x)[y] = image.view().at(x, y);
    }
  }
  const OutlineShape moved = found(shifted, off_by(start, shift_x, shift_y));
  EXPECT_NEAR(moved.center_px.x() - shift_x, plain.center_px.x(), 2e-3);
  EXPECT_NEAR(moved.center_px.y() - shift_y, plain.center_px.y(), 2e-3);
  EXPECT_NEAR(moved.s_xx_px, plain.s_xx_px, 2e-3);
  EXPECT_NEAR(moved.s_xy_px, plain.s_xy_px, 2e-3);

  const OutlineShape straight = OutlineShape::from(start);
  const OutlineShape swapped_start{
      {straight.center_px.y(), straight.center_px.x()}, straight.s_yy_px, straight.s_xy_px, straight.s_xx_px};
  const OutlineShape swapped = found(transposed, swapped_start.to_ellipse());
  EXPECT_NEAR(swapped.center_px.y(), plain.center_px.x(), 0.01);
  EXPECT_NEAR(swapped.center_px.x(), plain.center_px.y(), 0.01);
  EXPECT_NEAR(swapped.s_yy_px, plain.s_xx_px, 0.01);
  EXPECT_NEAR(swapped.s_xx_px, plain.s_yy_px, 0.01);
}

TEST(OutlineRefinement, LashesAndGlintsDoNotDrag) {
  SyntheticEye eye = noisy_eye({{160.3, 119.6}, 40.0, 36.0, 0.4});
  eye.lashes = 6;
  eye.glints = {{{197.0, 130.0}, 5.0}, {{140.0, 150.0}, 4.0}};
  const GrayImage image = test::draw(eye);
  OutlineShape shape = OutlineShape::from(off_by(*eye.pupil, 1.5, 1.0));
  OutlineMeasurement measurement;
  ASSERT_TRUE(refine_outline(image.view(), shape, 6.0, 2, 128, 1.0F, measurement));
  EXPECT_LT(outline_distance_px(shape.to_ellipse(), *eye.pupil), 0.15);
}

PupilPrior prior_of(const Ellipse& ellipse, double center_sigma_px, double shape_sigma_px) {
  PupilPrior prior;
  prior.ellipse = ellipse;
  prior.covariance_px2.setZero();
  prior.covariance_px2.diagonal().head<2>().setConstant(center_sigma_px * center_sigma_px);
  prior.covariance_px2.diagonal().tail<3>().setConstant(shape_sigma_px * shape_sigma_px);
  return prior;
}

TEST(OutlineRefinement, AForecastFitsAPupilThatIsFortyPercentVisible) {
  // The lid hides the upper 60 % of the outline and has a strong edge of its own across the pupil.
  const Ellipse pupil{{160.3, 119.6}, 40.0, 37.0, 0.4};
  double alone = 0.0;
  double guided = 0.0;
  int alone_lost = 0;
  for (unsigned seed = 1; seed <= 6; ++seed) {
    SyntheticEye eye = noisy_eye(pupil);
    eye.seed = seed;
    eye.lid_y_px = 119.6 + 0.3 * 38.0;
    const GrayImage image = test::draw(eye);
    const Ellipse start = off_by(pupil, 3.0 * std::cos(seed), 3.0 * std::sin(seed));
    const PupilPrior prior = prior_of(start, 3.0, 0.2);
    OutlineMeasurement measurement;
    OutlineShape with = OutlineShape::from(start);
    ASSERT_TRUE(refine_outline(image.view(), with, 9.0, 2, 128, 1.0F, measurement, &prior));
    guided = std::max(guided, outline_distance_px(with.to_ellipse(), pupil));
    OutlineShape without = OutlineShape::from(start);
    if (refine_outline(image.view(), without, 9.0, 2, 128, 1.0F, measurement))
      alone += outline_distance_px(without.to_ellipse(), pupil);
    else
      ++alone_lost;
  }
  EXPECT_LT(guided, 0.5);
  EXPECT_TRUE(alone_lost > 0 || alone / 6.0 > 2.0 * guided) << alone / 6.0;
}

TEST(OutlineRefinement, AForecastChangesNothingOnAWholePupil) {
  const Ellipse pupil{{160.3, 119.6}, 40.0, 37.0, 0.4};
  const GrayImage image = test::draw(noisy_eye(pupil));
  const auto refined = [&](const PupilPrior* prior) {
    OutlineShape shape = OutlineShape::from(off_by(pupil, 1.5, -1.0));
    OutlineMeasurement measurement;
    const auto fit = refine_outline(image.view(), shape, 6.0, 2, 128, 1.0F, measurement, prior);
    EXPECT_TRUE(fit);
    return std::pair(shape.to_ellipse(), fit ? *fit : OutlineFit{});
  };
  const auto [alone, alone_fit] = refined(nullptr);
  const PupilPrior wrong = prior_of(off_by(pupil, 3.0, 2.0, 1.02), 3.0, 1.0);
  const auto [guided, guided_fit] = refined(&wrong);
  EXPECT_LT(outline_distance_px(alone, guided), 0.03);
  EXPECT_NEAR(guided_fit.covariance_px2(0, 0), alone_fit.covariance_px2(0, 0),
              0.2 * alone_fit.covariance_px2(0, 0));
  PupilPrior broken = wrong;
  broken.covariance_px2.setConstant(std::nan(""));
  EXPECT_LT(outline_distance_px(refined(&broken).first, alone), 1e-9);
}

TEST(OutlineRefinement, StatesItsOwnError) {
  // Over many noisy images the stated covariance covers the error, and not by far.
  double sum2 = 0.0;
  constexpr int runs = 40;
  for (int run = 0; run < runs; ++run) {
    const Ellipse pupil{{160.0 + 0.37 * run, 120.0 - 0.21 * run}, 15.0, 14.0, 0.1 * run};
    SyntheticEye eye = noisy_eye(pupil);
    eye.noise_gray = 8.0;
    eye.seed = static_cast<unsigned>(run + 1);
    const GrayImage image = test::draw(eye);
    OutlineShape shape = OutlineShape::from(off_by(pupil, 0.8, 0.5));
    OutlineMeasurement measurement;
    const auto fit = refine_outline(image.view(), shape, 5.0, 2, 96, 1.0F, measurement);
    ASSERT_TRUE(fit);
    const OutlineShape truth = OutlineShape::from(pupil);
    Eigen::Matrix<double, 5, 1> error;
    error << shape.center_px - truth.center_px, shape.s_xx_px - truth.s_xx_px, shape.s_xy_px - truth.s_xy_px,
        shape.s_yy_px - truth.s_yy_px;
    sum2 += error.dot(fit->covariance_px2.inverse() * error);
    EXPECT_GT(fit->inlier_share, 0.8);
  }
  EXPECT_GT(sum2 / (5.0 * runs), 0.5);
  EXPECT_LT(sum2 / (5.0 * runs), 1.4);
}

TEST(OutlineRefinement, RefusesAnEmptyImage) {
  GrayImage image(120, 100);
  for (int y = 0; y < 100; ++y)
    for (int x = 0; x < 120; ++x) image.row(y)[x] = 90;
  OutlineShape shape = OutlineShape::from({{60.0, 50.0}, 20.0, 18.0, 0.0});
  OutlineMeasurement measurement;
  EXPECT_FALSE(refine_outline(image.view(), shape, 6.0, 2, 96, 1.0F, measurement));
}

}  // namespace
}  // namespace yarbus::outline_refinement_test
