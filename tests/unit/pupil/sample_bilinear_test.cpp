#include "tracker/pupil/sample_bilinear.h"

#include <gtest/gtest.h>

namespace yarbus::sample_bilinear_test {
namespace {

GrayImage ramp(int width_px, int height_px, int per_column, int per_row) {
  GrayImage image(width_px, height_px);
  for (int y = 0; y < height_px; ++y)
    for (int x = 0; x < width_px; ++x)
      image.row(y)[x] = static_cast<std::uint8_t>(per_column * x + per_row * y);
  return image;
}

TEST(SampleBilinear, IsExactOnAPlane) {
  const GrayImage image = ramp(8, 6, 20, 10);
  for (float y = 0.0F; y < 4.9F; y += 0.35F) {
    for (float x = 0.0F; x < 6.9F; x += 0.45F) {
      EXPECT_NEAR(sample_bilinear(image.view(), x, y), 20.0F * x + 10.0F * y, 1e-3);
      EXPECT_NEAR(sample_bilinear_inside(image.view(), x, y), 20.0F * x + 10.0F * y, 1e-3);
    }
  }
}

TEST(SampleBilinear, TakesTheNearestBorderValueOutside) {
  const GrayImage image = ramp(3, 2, 20, 100);
  EXPECT_FLOAT_EQ(sample_bilinear(image.view(), -10.0F, -10.0F), 0.0F);
  EXPECT_FLOAT_EQ(sample_bilinear(image.view(), 10.0F, 10.0F), 140.0F);
  EXPECT_FLOAT_EQ(sample_bilinear(image.view(), 1.5F, 10.0F), 130.0F);
  EXPECT_FLOAT_EQ(sample_bilinear(image.view(), -1.0F, 0.5F), 50.0F);
}

TEST(SampleBilinear, FollowsTheRowStride) {
  const GrayImage image = ramp(9, 4, 10, 40);
  const GrayView part{image.data() + 9 + 2, 5, 3, 9};  // from column 2, row 1
  EXPECT_FLOAT_EQ(sample_bilinear(part, 1.25F, 0.5F), 10.0F * 3.25F + 40.0F * 1.5F);
  EXPECT_FLOAT_EQ(sample_bilinear_inside(part, 1.25F, 0.5F), 10.0F * 3.25F + 40.0F * 1.5F);
}

}  // namespace
}  // namespace yarbus::sample_bilinear_test
