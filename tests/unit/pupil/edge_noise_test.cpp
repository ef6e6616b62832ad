#include "tracker/pupil/edge_noise.h"

#include <numbers>

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"

namespace yarbus::edge_noise_test {
namespace {

float noise_found(double radius_px, int count, double noise_gray) {
  test::SyntheticEye eye;
  eye.pupil = Ellipse{{160.2, 119.7}, radius_px, radius_px, 0.0};
  eye.iris_radius_factor = radius_px < 12.0 ? 4.0 : 2.0;
  eye.noise_gray = noise_gray;
  const GrayImage image = test::draw(eye);
  OutlineNormals normals;
  normals.place_on(OutlineShape::from(*eye.pupil), count);
  EdgeProfiles profiles;
  profiles.sample(image.view(), normals, 4, 1);
  return measure_edge_noise(profiles, radius_px).noise_gray;
}

TEST(EdgeNoise, IsTheImagesWhateverTheSpacing) {
  // A bilinear sample of white noise has two thirds of its deviation, on average.
  for (const double noise : {2.0, 6.0}) {
    EXPECT_NEAR(noise_found(45.0, 128, noise) / noise, 2.0 / 3.0, 0.1);
    EXPECT_NEAR(noise_found(20.0, 128, noise) / noise, 2.0 / 3.0, 0.1);
    EXPECT_NEAR(noise_found(7.0, 64, noise) / noise, 2.0 / 3.0, 0.13);
  }
  EXPECT_LT(noise_found(45.0, 128, 0.0), 0.4F);
}

TEST(EdgeNoise, InterpolatedSamplesAreRelatedOverLessThanTwoPixels) {
  EXPECT_DOUBLE_EQ(interpolation_correlation(0.0), 1.0);
  EXPECT_DOUBLE_EQ(interpolation_correlation(1.0), 0.25);
  EXPECT_DOUBLE_EQ(interpolation_correlation(-1.0), 0.25);
  EXPECT_DOUBLE_EQ(interpolation_correlation(2.0), 0.0);
  EXPECT_NEAR(interpolation_correlation(1.0 - 1e-9), 0.25, 1e-6);
}

}  // namespace
}  // namespace yarbus::edge_noise_test
