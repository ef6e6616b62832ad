#include "tracker/pupil/bright_pupil.h"

#include <gtest/gtest.h>

namespace yarbus::bright_pupil_test {
namespace {

GrayImage uniform(int width_px, int height_px, int gray) {
  GrayImage image(width_px, height_px);
  std::fill_n(image.data(), width_px * height_px, static_cast<std::uint8_t>(gray));
  return image;
}

void fill(GrayImage& image, int x0, int y0, int x1, int y1, int gray) {
  for (int y = y0; y < y1; ++y)
    std::fill(image.row(y) + x0, image.row(y) + x1, static_cast<std::uint8_t>(gray));
}

TEST(BrightPupilInverter, InvertsEveryLevelBelowSaturation) {
  GrayImage image(300, 100);
  for (int y = 0; y < 100; ++y)
    for (int x = 0; x < 300; ++x) image.row(y)[x] = static_cast<std::uint8_t>((x + 7 * y) % 250);
  BrightPupilInverter inverter;
  const GrayView inverted = inverter.invert(image.view());
  for (int y = 0; y < 100; ++y)
    for (int x = 0; x < 300; ++x) ASSERT_EQ(inverted.at(x, y), 255 - image.view().at(x, y));
}

TEST(BrightPupilInverter, ASmallReflectionStaysBrightWithARim) {
  GrayImage image = uniform(320, 240, 200);
  fill(image, 100, 50, 108, 57, 255);
  BrightPupilInverter inverter;
  const GrayView inverted = inverter.invert(image.view());
  for (int y = 0; y < 240; ++y) {
    for (int x = 0; x < 320; ++x) {
      const bool is_white = x >= 98 && x < 110 && y >= 48 && y < 59;
      ASSERT_EQ(inverted.at(x, y), is_white ? 255 : 55) << x << ' ' << y;
    }
  }
}

TEST(BrightPupilInverter, ALargeSaturatedThingIsNoReflection) {
  // 4 % of 240 lines are 10 px: what is longer than that either way may be a saturated pupil.
  for (const auto& [width, height] : {std::pair{40, 40}, {8, 20}, {20, 8}, {11, 10}}) {
    GrayImage image = uniform(320, 240, 120);
    fill(image, 100, 50, 100 + width, 50 + height, 255);
    BrightPupilInverter inverter;
    const GrayView inverted = inverter.invert(image.view());
    EXPECT_EQ(inverted.at(100 + width / 2, 50 + height / 2), 0) << width << 'x' << height;
    EXPECT_EQ(inverted.at(100, 50), 0);
    EXPECT_EQ(inverted.at(98, 50), 135);
  }
}

TEST(BrightPupilInverter, NoiseDoesNotMakeReflectionsOfASaturatedPupil) {
  GrayImage image = uniform(320, 240, 120);
  for (int y = 50; y < 90; ++y)
    for (int x = 100; x < 140; ++x)
      image.row(y)[x] = static_cast<std::uint8_t>((x * 7 + y * 5) % 6 == 0 ? 240 : 255);
  BrightPupilInverter inverter;
  const GrayView inverted = inverter.invert(image.view());
  for (int y = 50; y < 90; ++y)
    for (int x = 100; x < 140; ++x)
      ASSERT_EQ(inverted.at(x, y), 255 - image.view().at(x, y)) << x << ' ' << y;
}

TEST(BrightPupilInverter, ReflectionsAtTheBorderAndInTheCorners) {
  GrayImage image = uniform(64, 48, 100);
  fill(image, 0, 0, 2, 2, 255);
  fill(image, 62, 46, 64, 48, 255);
  fill(image, 30, 46, 33, 48, 252);
  BrightPupilInverter inverter;
  const GrayView inverted = inverter.invert(image.view());
  for (const auto& [x, y] : {std::pair{0, 0}, {3, 3}, {63, 47}, {60, 44}, {31, 47}, {28, 44}})
    EXPECT_EQ(inverted.at(x, y), 255) << x << ' ' << y;
  EXPECT_EQ(inverted.at(4, 0), 155);
  EXPECT_EQ(inverted.at(27, 47), 155);
}

TEST(BrightPupilInverter, AnImageSaturatedAllOverIsBlack) {
  BrightPupilInverter inverter;
  const GrayImage image = uniform(64, 48, 255);
  const GrayView inverted = inverter.invert(image.view());
  for (int y = 0; y < 48; ++y)
    for (int x = 0; x < 64; ++x) ASSERT_EQ(inverted.at(x, y), 0);
}

TEST(BrightPupilInverter, ForgetsTheImageBeforeAndFollowsTheStride) {
  BrightPupilInverter inverter;
  GrayImage first = uniform(320, 240, 200);
  fill(first, 10, 10, 15, 15, 255);
  inverter.invert(first.view());
  GrayImage second = uniform(100, 60, 90);
  fill(second, 80, 0, 100, 60, 255);  // outside the view
  const GrayView inverted = inverter.invert({second.data(), 80, 60, 100});
  ASSERT_EQ(inverted.width_px, 80);
  for (int y = 0; y < 60; ++y)
    for (int x = 0; x < 80; ++x) ASSERT_EQ(inverted.at(x, y), 165);
}

}  // namespace
}  // namespace yarbus::bright_pupil_test
