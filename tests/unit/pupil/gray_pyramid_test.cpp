#include "tracker/pupil/gray_pyramid.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace yarbus::gray_pyramid_test {
namespace {

GrayImage noise_image(int width_px, int height_px, unsigned seed) {
  GrayImage image(width_px, height_px);
  std::mt19937 random(seed);
  for (int y = 0; y < height_px; ++y)
    for (int x = 0; x < width_px; ++x) image.row(y)[x] = static_cast<std::uint8_t>(random() % 256);
  return image;
}

/// The definition, pixel by pixel.
GrayImage plainly_halved(GrayView source) {
  GrayImage half(source.width_px / 2, source.height_px / 2);
  for (int y = 0; y < half.height_px(); ++y)
    for (int x = 0; x < half.width_px(); ++x)
      half.row(y)[x] =
          static_cast<std::uint8_t>((source.at(2 * x, 2 * y) + source.at(2 * x + 1, 2 * y) +
                                     source.at(2 * x, 2 * y + 1) + source.at(2 * x + 1, 2 * y + 1) + 2) /
                                    4);
  return half;
}

void expect_same(GrayView actual, GrayView expected) {
  ASSERT_EQ(actual.width_px, expected.width_px);
  ASSERT_EQ(actual.height_px, expected.height_px);
  for (int y = 0; y < actual.height_px; ++y)
    for (int x = 0; x < actual.width_px; ++x)
      ASSERT_EQ(actual.at(x, y), expected.at(x, y)) << x << ' ' << y << " of " << actual.width_px;
}

TEST(HalveImage, EqualsPlainArithmeticAtEveryWidth) {
  for (int width = 1; width <= 70; ++width) {
    const GrayImage image = noise_image(width, 7, static_cast<unsigned>(width));
    GrayImage half;
    halve_image(image.view(), half);
    expect_same(half.view(), plainly_halved(image.view()).view());
  }
}

TEST(HalveImage, FollowsTheRowStrideAndReadsNothingBesideTheRow) {
  for (const int width : {31, 32, 33, 64, 65}) {
    for (const int padding : {1, 3, 16, 29}) {
      // As narrow an allocation as the view allows: a read past the last row's end is out of bounds.
      const int stride = width + padding;
      const int height = 6;
      std::vector<std::uint8_t> memory(static_cast<std::size_t>(stride * (height - 1) + width));
      std::mt19937 random(static_cast<unsigned>(stride));
      for (auto& value : memory) value = static_cast<std::uint8_t>(random() % 256);
      const GrayView view{memory.data(), width, height, stride};
      GrayImage half;
      halve_image(view, half);
      expect_same(half.view(), plainly_halved(view).view());
    }
  }
}

TEST(HalveImage, ExtremesStayExtremes) {
  for (const int level : {0, 1, 127, 128, 254, 255}) {
    GrayImage image(64, 4);
    std::fill_n(image.data(), 256, static_cast<std::uint8_t>(level));
    GrayImage half;
    halve_image(image.view(), half);
    for (int x = 0; x < 32; ++x) ASSERT_EQ(half.view().at(x, 1), level);
  }
}

TEST(GrayPyramid, LevelsHalveAndDropOddLines) {
  const GrayImage image = noise_image(331, 245, 3);
  GrayPyramid pyramid;
  pyramid.build(image.view());
  ASSERT_EQ(pyramid.level_count(), 4U);  // 245, 122, 61, 30: the next would be 15
  EXPECT_EQ(pyramid.level(0).data, image.data());
  int width = 331;
  int height = 245;
  for (std::size_t k = 0; k < pyramid.level_count(); ++k, width /= 2, height /= 2) {
    EXPECT_EQ(pyramid.level(k).width_px, width);
    EXPECT_EQ(pyramid.level(k).height_px, height);
    if (k > 0) expect_same(pyramid.level(k), plainly_halved(pyramid.level(k - 1)).view());
  }
}

TEST(GrayPyramid, CoordinatesMapPixelCentres) {
  EXPECT_DOUBLE_EQ(GrayPyramid::to_source(0.0, 1), 0.5);  // the mean of pixels 0 and 1 sits between them
  EXPECT_DOUBLE_EQ(GrayPyramid::to_source(0.0, 2), 1.5);
  EXPECT_DOUBLE_EQ(GrayPyramid::to_source(10.0, 3), 83.5);
  for (std::size_t level = 0; level < GrayPyramid::max_levels; ++level)
    EXPECT_DOUBLE_EQ(GrayPyramid::from_source(GrayPyramid::to_source(7.25, level), level), 7.25);
}

TEST(GrayPyramid, ADotsCentroidStaysWhereItIs) {
  GrayImage image(320, 240);
  std::fill_n(image.data(), 320 * 240, std::uint8_t{0});
  for (int y = 96; y < 128; ++y)
    for (int x = 160; x < 192; ++x) image.row(y)[x] = 200;  // centre 175.5, 111.5
  GrayPyramid pyramid;
  pyramid.build(image.view());
  for (std::size_t k = 0; k < pyramid.level_count(); ++k) {
    const GrayView level = pyramid.level(k);
    double mass = 0.0;
    double sum_x = 0.0;
    double sum_y = 0.0;
    for (int y = 0; y < level.height_px; ++y) {
      for (int x = 0; x < level.width_px; ++x) {
        mass += level.at(x, y);
        sum_x += level.at(x, y) * GrayPyramid::to_source(x, k);
        sum_y += level.at(x, y) * GrayPyramid::to_source(y, k);
      }
    }
    EXPECT_NEAR(sum_x / mass, 175.5, 1e-9) << k;
    EXPECT_NEAR(sum_y / mass, 111.5, 1e-9) << k;
  }
}

TEST(GrayPyramid, AShiftByAWholePixelOfALevelShiftsTheLevel) {
  const GrayImage image = noise_image(128, 96, 9);
  GrayPyramid pyramid;
  GrayPyramid shifted_pyramid;
  pyramid.build(image.view());
  for (const std::size_t level : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
    const int shift = 1 << level;
    GrayImage shifted(128, 96);
    for (int y = 0; y < 96; ++y)
      for (int x = 0; x < 128; ++x) shifted.row(y)[x] = image.view().at((x + shift) % 128, (y + shift) % 96);
    shifted_pyramid.build(shifted.view());
    const GrayView a = pyramid.level(level);
    const GrayView b = shifted_pyramid.level(level);
    for (int y = 0; y < a.height_px; ++y)
      for (int x = 0; x < a.width_px; ++x)
        ASSERT_EQ(b.at(x, y), a.at((x + 1) % a.width_px, (y + 1) % a.height_px)) << "level " << level;
  }
}

TEST(GrayPyramid, ASmallerImageAfterALargerOneLeavesNothingOfIt) {
  GrayPyramid pyramid;
  pyramid.build(noise_image(640, 480, 1).view());
  const GrayImage small = noise_image(25, 24, 2);
  pyramid.build(small.view());
  ASSERT_EQ(pyramid.level_count(), 1U);
  expect_same(pyramid.level(0), small.view());
}

}  // namespace
}  // namespace yarbus::gray_pyramid_test
