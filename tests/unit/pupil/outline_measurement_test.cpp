#include "tracker/pupil/outline_measurement.h"

#include <cmath>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/outline_refinement.h"

namespace yarbus::outline_measurement_test {
namespace {

test::SyntheticEye disc(double radius_px, double blur_sigma_px) {
  test::SyntheticEye eye;
  eye.pupil = Ellipse{{160.3, 119.6}, radius_px, radius_px, 0.0};
  eye.blur_sigma_px = blur_sigma_px;
  eye.noise_gray = 0.0;
  return eye;
}

double mean_offset(const OutlineMeasurement& measurement) {
  double sum = 0.0;
  int count = 0;
  for (const auto& sample : measurement.view()) {
    if (sample.kind != OutlineSample::Kind::edge) continue;
    sum += sample.offset_px;
    ++count;
  }
  return count > 0 ? sum / count : std::nan("");
}

TEST(OutlineMeasurement, EdgePositionHasNoBiasUnderBlur) {
  for (const double radius : {6.0, 12.0, 25.0, 50.0}) {
    for (const double sigma : {0.5, 1.0, 1.8}) {
      if (sigma > 0.15 * radius) continue;  // a speck, no disc
      auto eye = disc(radius, sigma);
      if (radius < 10.0) eye.iris_radius_factor = 4.0;
      const GrayImage image = test::draw(eye);
      OutlineMeasurement measurement;
      measure_outline(image.view(), OutlineShape::from(*eye.pupil), 5.0, 128, 1.0F, measurement);
      for (const auto& sample : measurement.view()) ASSERT_EQ(sample.kind, OutlineSample::Kind::edge);
      EXPECT_LT(std::abs(mean_offset(measurement)), 0.025) << "radius " << radius << " blur " << sigma;
    }
  }
}

TEST(OutlineMeasurement, TheCurvatureOfAnEllipseDiffersAlongIt) {
  test::SyntheticEye eye = disc(30.0, 1.5);
  eye.pupil = Ellipse{{160.3, 119.6}, 40.0, 20.0, 0.4};
  const GrayImage image = test::draw(eye);
  OutlineMeasurement measurement;
  const OutlineShape shape = OutlineShape::from(*eye.pupil);
  measure_outline(image.view(), shape, 5.0, 128, 1.0F, measurement);
  for (const auto& sample : measurement.view()) {
    ASSERT_EQ(sample.kind, OutlineSample::Kind::edge);
    EXPECT_LT(std::abs(sample.offset_px), 0.1) << sample.cos_phi << ' ' << sample.sin_phi;
  }
}

TEST(OutlineMeasurement, ARampOutsideTheEdgeDoesNotMoveIt) {
  const auto eye = disc(40.0, 1.0);
  GrayImage image = test::draw(eye);
  for (int y = 0; y < image.height_px(); ++y) {
    for (int x = 0; x < image.width_px(); ++x) {
      const double outside = std::hypot(x - 160.3, y - 119.6) - 40.0;
      if (outside < 0.0 || outside > 20.0) continue;
      image.row(y)[x] = static_cast<std::uint8_t>(std::lround(image.row(y)[x] - 1.5 * outside));
    }
  }
  OutlineMeasurement measurement;
  measure_outline(image.view(), OutlineShape::from(*eye.pupil), 5.0, 128, 1.0F, measurement);
  EXPECT_LT(std::abs(mean_offset(measurement)), 0.02);
}

/// The standard deviation of offsets over their stated sigma, at the true outline, over several images.
double normalised_scatter(test::SyntheticEye eye, int sample_count) {
  double sum2 = 0.0;
  int count = 0;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    eye.seed = seed;
    const GrayImage image = test::draw(eye);
    OutlineMeasurement measurement;
    measure_outline(image.view(), OutlineShape::from(*eye.pupil), 4.0, sample_count, 1.0F, measurement);
    for (const auto& sample : measurement.view()) {
      if (sample.kind != OutlineSample::Kind::edge) continue;
      const double normalised = sample.offset_px / sample.sigma_px;
      sum2 += normalised * normalised;
      ++count;
    }
  }
  return std::sqrt(sum2 / count);
}

TEST(OutlineMeasurement, TheStatedSigmaIsTheScatter) {
  for (const auto& [radius, count] : {std::pair{45.0, 128}, {45.0, 64}, {20.0, 96}, {8.0, 48}}) {
    for (const double noise : {2.5, 6.0}) {
      for (const double blur : {0.8, 1.6}) {
        auto eye = disc(radius, blur);
        eye.noise_gray = noise;
        eye.iris_radius_factor = radius < 12.0 ? 4.0 : 2.0;
        EXPECT_NEAR(normalised_scatter(eye, count), 1.0, 0.2)
            << "radius " << radius << " noise " << noise << " blur " << blur;
      }
    }
  }
}

TEST(OutlineMeasurement, EdgesUnlikeTheOthersWeighLess) {
  // A dark lash runs 4 px outside the right side; on the left a step inside the pupil is as bright as the
  // iris.
  auto eye = disc(40.0, 1.0);
  GrayImage image = test::draw(eye);
  for (int y = 110; y < 130; ++y)
    for (int x = 205; x < 208; ++x) image.row(y)[x] = 20;
  for (int y = 100; y < 140; ++y)
    for (int x = 112; x < 126; ++x) image.row(y)[x] = 230;
  for (int y = 100; y < 140; ++y)
    for (int x = 126; x < 146; ++x) image.row(y)[x] = 110;
  OutlineMeasurement measurement;
  measure_outline(image.view(), OutlineShape::from(*eye.pupil), 8.0, 128, 1.0F, measurement);
  ASSERT_EQ(measurement.samples[0].kind, OutlineSample::Kind::edge);
  EXPECT_LT(measurement.samples[0].weight, 0.4F);   // right: the lash
  EXPECT_GT(measurement.samples[32].weight, 0.9F);  // below: nothing odd
  const auto& left = measurement.samples[64];
  EXPECT_TRUE(left.kind != OutlineSample::Kind::edge || left.weight < 0.4F);
}

TEST(OutlineMeasurement, AnEdgeThatCrossesTheOutlineWeighsLess) {
  // A lid's straight edge cuts the disc at a slant: where they cross the edge is off the outline's direction.
  auto eye = disc(40.0, 1.0);
  eye.lid_y_px = 119.6 - 0.75 * 40.0;
  const GrayImage image = test::draw(eye);
  OutlineMeasurement measurement;
  measure_outline(image.view(), OutlineShape::from(*eye.pupil), 8.0, 128, 1.0F, measurement);
  double crossing = 0.0;
  double fair = 0.0;
  int crossings = 0;
  int fairs = 0;
  for (const auto& sample : measurement.view()) {
    if (sample.kind != OutlineSample::Kind::edge) continue;
    if (sample.sin_phi > -0.6) {
      fair += sample.weight;
      ++fairs;
    } else if (sample.sin_phi > -0.93 && sample.offset_px < -1.0F) {
      crossing += sample.weight;
      ++crossings;
    }
  }
  ASSERT_GT(crossings, 3);
  EXPECT_GT(fair / fairs, 0.85);
  EXPECT_LT(crossing / crossings, 0.65);
}

TEST(OutlineMeasurement, WideWindowsAreSampledSparsely) {
  const auto eye = disc(60.0, 2.0);
  const GrayImage image = test::draw(eye);
  OutlineMeasurement measurement;
  measure_outline(image.view(), OutlineShape::from({{160.3, 119.6}, 43.0, 43.0, 0.0}), 22.0, 128, 0.5F,
                  measurement);
  for (const auto& sample : measurement.view()) {
    ASSERT_EQ(sample.kind, OutlineSample::Kind::edge);
    EXPECT_NEAR(sample.offset_px, 17.0, 0.2);
  }
}

TEST(OutlineMeasurement, AGlintOnTheEdgeIsMarkedAndDoesNotDrag) {
  auto eye = disc(30.0, 1.0);
  eye.glints = {{{190.3, 119.6}, 6.0}, {{160.3, 149.6}, 4.0}};
  const GrayImage image = test::draw(eye);
  OutlineShape shape = OutlineShape::from({{161.0, 119.0}, 29.0, 29.0, 0.0});
  OutlineMeasurement measurement;
  ASSERT_TRUE(refine_outline(image.view(), shape, 5.0, 4, 128, 1.0F, measurement));
  EXPECT_EQ(measurement.samples[0].kind, OutlineSample::Kind::glint);
  EXPECT_LT(test::outline_distance_px(shape.to_ellipse(), *eye.pupil), 0.15);
}

TEST(OutlineMeasurement, MarksWhatLiesOutsideTheImage) {
  auto eye = disc(30.0, 1.0);
  eye.pupil->center_px.x() = 5.0;
  const GrayImage image = test::draw(eye);
  OutlineMeasurement measurement;
  measure_outline(image.view(), OutlineShape::from(*eye.pupil), 5.0, 64, 1.0F, measurement);
  EXPECT_EQ(measurement.samples[0].kind, OutlineSample::Kind::edge);
  EXPECT_EQ(measurement.samples[32].kind, OutlineSample::Kind::outside_image);
}

}  // namespace
}  // namespace yarbus::outline_measurement_test
