#include "tracker/pupil/gray_plane.h"

#include <random>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace yarbus {
namespace {

GrayImage noise_image(int width, int height) {
  GrayImage image(width, height);
  std::mt19937 random(5);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) image.row(y)[x] = static_cast<std::uint8_t>(random() % 256);
  return image;
}

cv::Mat as_mat(GrayView view) {
  return {view.height_px, view.width_px, CV_8UC1, const_cast<std::uint8_t*>(view.data),
          static_cast<std::size_t>(view.stride_bytes)};
}

void expect_close(GrayView actual, const cv::Mat& expected, int tolerance) {
  ASSERT_EQ(actual.width_px, expected.cols);
  ASSERT_EQ(actual.height_px, expected.rows);
  for (int y = 0; y < actual.height_px; ++y)
    for (int x = 0; x < actual.width_px; ++x)
      ASSERT_NEAR(actual.at(x, y), expected.at<std::uint8_t>(y, x), tolerance) << x << ' ' << y;
}

TEST(GrayPlane, ReducesByBlockMeans) {
  const GrayImage image = noise_image(90, 60);
  for (const int factor : {1, 2, 3}) {
    GrayPlane plane;
    plane.reduce(image.view(), factor);
    cv::Mat expected;
    cv::resize(as_mat(image.view()), expected, {90 / factor, 60 / factor}, 0, 0, cv::INTER_AREA);
    expect_close(plane.view(), expected, 1);
  }
}

TEST(GrayPlane, CoordinatesMapPixelCentres) {
  GrayPlane plane;
  plane.reduce(noise_image(90, 60).view(), 3);
  EXPECT_DOUBLE_EQ(plane.to_source(0.0), 1.0);  // the mean of pixels 0, 1 and 2 sits on pixel 1
  EXPECT_DOUBLE_EQ(plane.from_source(plane.to_source(7.25)), 7.25);
}

TEST(GrayPlane, SmoothsAndOpensAsOpenCvDoes) {
  const GrayImage image = noise_image(64, 48);
  GrayPlane plane;
  plane.reduce(image.view(), 1);
  plane.smooth();
  cv::Mat expected;
  cv::GaussianBlur(as_mat(image.view()), expected, {3, 3}, 0, 0, cv::BORDER_REPLICATE);
  expect_close(plane.view(), expected, 1);

  plane.reduce(image.view(), 1);
  plane.suppress_bright_specks(2);
  cv::morphologyEx(as_mat(image.view()), expected, cv::MORPH_OPEN, cv::Mat::ones(5, 5, CV_8U));
  expect_close(plane.view(), expected, 0);
}

TEST(GrayPlane, BilinearSamplesAreExactAndStayInside) {
  GrayImage image(2, 2);
  image.row(0)[0] = 0;
  image.row(0)[1] = 100;
  image.row(1)[0] = 50;
  image.row(1)[1] = 150;
  EXPECT_FLOAT_EQ(sample_bilinear(image.view(), 0.5F, 0.5F), 75.0F);
  EXPECT_FLOAT_EQ(sample_bilinear_inside(image.view(), 0.5F, 0.5F), 75.0F);
  EXPECT_FLOAT_EQ(sample_bilinear(image.view(), -10.0F, -10.0F), 0.0F);
  EXPECT_FLOAT_EQ(sample_bilinear(image.view(), 10.0F, 10.0F), 150.0F);
}

}  // namespace
}  // namespace yarbus
