#include "tracker/pupil/outline_measurement.h"

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/outline_refinement.h"

namespace yarbus {
namespace {

testing::SyntheticEye disc(double radius_px, double blur_sigma_px) {
  testing::SyntheticEye eye;
  eye.pupil = Ellipse{{160.3, 119.6}, radius_px, radius_px, 0.0};
  eye.blur_sigma_px = blur_sigma_px;
  eye.noise_gray = 0.0;
  return eye;
}

TEST(OutlineMeasurement, EdgePositionHasNoBiasUnderBlur) {
  for (const double radius : {12.0, 25.0, 50.0}) {
    for (const double sigma : {0.5, 1.0, 1.8}) {
      const auto eye = disc(radius, sigma);
      const GrayImage image = testing::draw(eye);
      OutlineMeasurement measurement;
      measure_outline(image.view(), OutlineShape::from(*eye.pupil), 5.0, 128, 1.0F, measurement);
      double sum = 0.0;
      int count = 0;
      for (const auto& sample : measurement.view()) {
        ASSERT_EQ(sample.kind, OutlineSample::Kind::edge);
        sum += sample.offset_px;
        ++count;
      }
      EXPECT_LT(std::abs(sum / count), 0.1) << "radius " << radius << " blur " << sigma;
    }
  }
}

TEST(OutlineMeasurement, FollowsAShiftedOutline) {
  const auto eye = disc(30.0, 1.0);
  const GrayImage image = testing::draw(eye);
  OutlineShape shape = OutlineShape::from({{162.5, 118.0}, 28.0, 27.0, 0.3});
  OutlineMeasurement measurement;
  ASSERT_TRUE(refine_outline(image.view(), shape, 6.0, 4, 128, 1.0F, measurement));
  EXPECT_LT(testing::outline_distance_px(shape.to_ellipse(), *eye.pupil), 0.1);
}

TEST(OutlineMeasurement, AGlintOnTheEdgeIsMarkedAndDoesNotDrag) {
  auto eye = disc(30.0, 1.0);
  eye.glints = {{{190.3, 119.6}, 6.0}, {{160.3, 149.6}, 4.0}};
  const GrayImage image = testing::draw(eye);
  OutlineShape shape = OutlineShape::from({{161.0, 119.0}, 29.0, 29.0, 0.0});
  OutlineMeasurement measurement;
  ASSERT_TRUE(refine_outline(image.view(), shape, 5.0, 4, 128, 1.0F, measurement));
  EXPECT_EQ(measurement.samples[0].kind, OutlineSample::Kind::glint);
  EXPECT_LT(testing::outline_distance_px(shape.to_ellipse(), *eye.pupil), 0.15);
}

TEST(OutlineMeasurement, MarksWhatLiesOutsideTheImage) {
  auto eye = disc(30.0, 1.0);
  eye.pupil->center_px.x() = 5.0;
  const GrayImage image = testing::draw(eye);
  OutlineMeasurement measurement;
  measure_outline(image.view(), OutlineShape::from(*eye.pupil), 5.0, 64, 1.0F, measurement);
  EXPECT_EQ(measurement.samples[0].kind, OutlineSample::Kind::edge);
  EXPECT_EQ(measurement.samples[32].kind, OutlineSample::Kind::outside_image);
}

}  // namespace
}  // namespace yarbus
