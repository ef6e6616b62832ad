#include "tracker/pupil/edge_profiles.h"

#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

#include "tracker/pupil/sample_bilinear.h"

namespace yarbus::edge_profiles_test {
namespace {

GrayImage noise_image(int width, int height) {
  std::mt19937 random(5);
  std::uniform_int_distribution<int> level(0, 255);
  GrayImage image(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) image.row(y)[x] = static_cast<std::uint8_t>(level(random));
  return image;
}

TEST(OutlineNormals, LieOnTheOutlineForAnyCount) {
  const Ellipse ellipse{{80.0, 60.0}, 30.0, 18.0, 0.7};
  const OutlineShape shape = OutlineShape::from(ellipse);
  OutlineNormals normals;
  for (const int count : {6, 48, 96, 101, 256}) {
    normals.place_on(shape, count);
    double largest_curvature = 0.0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const double angle = 2.0 * std::numbers::pi * static_cast<double>(i) / count;
      const Eigen::Vector2d point = shape.point_at(std::cos(angle), std::sin(angle));
      const Eigen::Vector2d normal = shape.normal_at(std::cos(angle), std::sin(angle));
      EXPECT_NEAR(normals.x_px[i], point.x(), 1e-9);
      EXPECT_NEAR(normals.y_px[i], point.y(), 1e-9);
      EXPECT_NEAR(normals.normal_x[i], normal.x(), 1e-9);
      EXPECT_NEAR(normals.normal_y[i], normal.y(), 1e-9);
      largest_curvature = std::max(largest_curvature, normals.curvature_per_px[i]);
    }
    // At the end of the major axis it is a / b^2; few samples may miss that place.
    if (count >= 96) {
      EXPECT_NEAR(largest_curvature, 30.0 / (18.0 * 18.0), 0.002);
    }
  }
}

TEST(EdgeProfiles, SamplesLikeBilinearInterpolationAlsoPastTheBorder) {
  const GrayImage image = noise_image(64, 48);
  for (const Ellipse& ellipse : {Ellipse{{32.0, 24.0}, 9.0, 8.0, 0.3}, Ellipse{{2.0, 46.0}, 9.0, 8.0, 0.3},
                                 Ellipse{{-40.0, 90.0}, 9.0, 8.0, 0.3}}) {
    for (const int step : {1, 2}) {
      OutlineNormals normals;
      normals.place_on(OutlineShape::from(ellipse), 40);
      EdgeProfiles profiles;
      profiles.sample(image.view(), normals, 4, step);
      for (int j = 0; j < profiles.rows(); ++j) {
        for (int i = 0; i < profiles.count; ++i) {
          const auto at = static_cast<std::size_t>(i);
          const double offset = (j - profiles.middle()) * step;
          const float expected = sample_bilinear(
              image.view(), static_cast<float>(normals.x_px[at] + offset * normals.normal_x[at]),
              static_cast<float>(normals.y_px[at] + offset * normals.normal_y[at]));
          // Positions have steps of 1/256 px, values of a quarter.
          ASSERT_NEAR(profiles.raw.row(j)[i] / static_cast<float>(profile_gray_scale), expected, 1.7)
              << ellipse.center_px.transpose() << ' ' << j << ' ' << i;
        }
      }
    }
  }
}

TEST(EdgeProfiles, FindsTheSteepestRiseAndPrefersNearOnes) {
  // Three dark-to-bright steps to the right of the middle; all profiles of a large circle run along x there.
  GrayImage image(200, 40);
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 200; ++x)
      image.row(y)[x] = static_cast<std::uint8_t>(x < 97 ? 20 : x < 106 ? 60 : x < 108 ? 101 : 101);
  OutlineNormals normals;
  normals.place_on(OutlineShape::from({{-900.0, 20.0}, 1000.0, 1000.0, 0.0}), 200);
  EdgeProfiles profiles;
  profiles.sample(image.view(), normals, 7, 1);
  profiles.find_peaks(1.0F);
  EXPECT_NEAR(profiles.peak[0], -3.5, 0.6);  // the step at 96.5 wins over the equal one at 105.5
  profiles.find_peaks(60.0F);
  EXPECT_EQ(profiles.peak[0], EdgeProfiles::no_peak);
}

}  // namespace
}  // namespace yarbus::edge_profiles_test
