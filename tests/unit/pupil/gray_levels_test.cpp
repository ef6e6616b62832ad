#include "tracker/pupil/gray_levels.h"

#include <algorithm>
#include <functional>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"

namespace yarbus::gray_levels_test {
namespace {

GrayImage image_of(int width_px, int height_px, const std::function<double(int, int)>& level,
                   double noise_gray, unsigned seed) {
  GrayImage image(width_px, height_px);
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0.0, 1.0);
  for (int y = 0; y < height_px; ++y)
    for (int x = 0; x < width_px; ++x)
      image.row(y)[x] = static_cast<std::uint8_t>(
          std::clamp(std::lround(level(x, y) + noise_gray * noise(random)), 0L, 255L));
  return image;
}

TEST(GrayLevels, MeasuresGaussianNoise) {
  for (const double sigma : {1.0, 2.0, 4.0, 8.0, 16.0}) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
      const GrayImage flat = image_of(
          640, 480, [](int, int) { return 120.0; }, sigma, seed);
      EXPECT_NEAR(read_gray_levels(flat.view()).noise_gray, sigma, 0.15 * sigma) << sigma;
    }
  }
}

TEST(GrayLevels, MeasuresNoiseBehindAnEye) {
  for (const double sigma : {2.0, 5.0, 10.0}) {
    for (const auto& [width, height] : {std::pair{160, 120}, {320, 240}, {640, 480}}) {
      test::SyntheticEye eye;
      eye.width_px = width;
      eye.height_px = height;
      eye.pupil = Ellipse{{0.5 * width, 0.5 * height}, 0.15 * height, 0.13 * height, 0.6};
      eye.noise_gray = sigma;
      // At 160x120 the outlines are a tenth of the pixels, which counts as noise.
      const double tolerance = (width < 320 ? 0.35 : 0.15) * sigma;
      EXPECT_NEAR(read_gray_levels(test::draw(eye).view()).noise_gray, sigma, tolerance)
          << width << " sigma " << sigma;
    }
  }
}

TEST(GrayLevels, AnImageWithoutNoiseHasTheLeastNoise) {
  const GrayImage ramp = image_of(
      320, 240, [](int x, int) { return x / 2; }, 0.0, 1);
  EXPECT_GT(read_gray_levels(ramp.view()).noise_gray, 0.0);
  EXPECT_LT(read_gray_levels(ramp.view()).noise_gray, 1.0);
}

TEST(GrayLevels, QuantilesAreThoseOfTheImage) {
  // Levels 0 to 199 equally often, in a pattern that has no part in common with the lines read.
  const GrayImage image = image_of(
      400, 300, [](int x, int y) { return (37 * x + 91 * y) % 200; }, 0.0, 1);
  const GrayLevels levels = read_gray_levels(image.view());
  EXPECT_NEAR(levels.dark_gray, 4.0, 1.5);
  EXPECT_NEAR(levels.median_gray, 99.5, 3.0);
  EXPECT_NEAR(levels.bright_gray, 149.5, 3.0);
}

TEST(GrayLevels, BarsAlongTheBorderDoNotCount) {
  const auto content = [](int x, int y) { return 60.0 + (53 * x + 17 * y) % 120; };
  const GrayLevels plain = read_gray_levels(image_of(400, 300, content, 2.0, 1).view());
  struct Bars {
    int left, right, top, bottom;
    double gray;
  };
  for (const auto& bars : {Bars{0, 0, 40, 40, 0.0}, Bars{60, 60, 0, 0, 0.0}, Bars{30, 50, 20, 60, 0.0},
                           Bars{0, 0, 70, 0, 16.0}, Bars{40, 40, 40, 40, 250.0}}) {
    const auto level = [&](int x, int y) {
      const bool is_bar = x < bars.left || x >= 400 - bars.right || y < bars.top || y >= 300 - bars.bottom;
      return is_bar ? bars.gray : content(x, y);
    };
    // Without noise in the bars: they come from an encoder.
    GrayImage image = image_of(400, 300, level, 2.0, 1);
    for (int y = 0; y < 300; ++y)
      for (int x = 0; x < 400; ++x)
        if (x < bars.left || x >= 400 - bars.right || y < bars.top || y >= 300 - bars.bottom)
          image.row(y)[x] = static_cast<std::uint8_t>(bars.gray);
    const GrayLevels levels = read_gray_levels(image.view());
    EXPECT_NEAR(levels.dark_gray, plain.dark_gray, 3.0);
    EXPECT_NEAR(levels.median_gray, plain.median_gray, 4.0);
    EXPECT_NEAR(levels.bright_gray, plain.bright_gray, 4.0);
  }
}

TEST(GrayLevels, ADarkPupilIsTheDarkTail) {
  test::SyntheticEye eye;
  eye.noise_gray = 4.0;  // lines of plain skin without noise would count as bars
  const GrayLevels levels = read_gray_levels(test::draw(eye).view());
  EXPECT_NEAR(levels.dark_gray, eye.pupil_gray, 6.0);
  EXPECT_NEAR(levels.bright_gray, eye.sclera_gray, 4.0);
}

TEST(GrayLevels, FollowsTheRowStride) {
  const GrayImage image = image_of(
      333, 211, [](int x, int y) { return (37 * x + 91 * y) % 200; }, 3.0, 5);
  GrayImage wide(333 + 19, 211);
  std::fill_n(wide.data(), (333 + 19) * 211, std::uint8_t{255});
  for (int y = 0; y < 211; ++y) std::copy_n(image.view().row(y), 333, wide.row(y));
  const GrayLevels a = read_gray_levels(image.view());
  const GrayLevels b = read_gray_levels({wide.data(), 333, 211, 333 + 19});
  EXPECT_EQ(a.noise_gray, b.noise_gray);
  EXPECT_EQ(a.dark_gray, b.dark_gray);
  EXPECT_EQ(a.median_gray, b.median_gray);
  EXPECT_EQ(a.bright_gray, b.bright_gray);
}

TEST(GrayLevels, UniformAndTinyImages) {
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 2}, {24, 24}, {640, 480}}) {
    for (const double gray : {0.0, 77.0, 255.0}) {
      const GrayImage image = image_of(
          width, height, [&](int, int) { return gray; }, 0.0, 1);
      const GrayLevels levels = read_gray_levels(image.view());
      EXPECT_TRUE(std::isfinite(levels.noise_gray));
      EXPECT_GT(levels.noise_gray, 0.0);
      if (width < 24) continue;  // nothing is looked for in such images
      EXPECT_NEAR(levels.median_gray, gray, 1.0) << width << 'x' << height;
    }
  }
}

}  // namespace
}  // namespace yarbus::gray_levels_test
