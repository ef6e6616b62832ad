#include "tests/support/example_jpeg.h"

#include <algorithm>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "tests/support/example_session.h"

namespace yarbus::test {

std::vector<std::uint8_t> example_jpeg(std::int64_t frame, int width_px, int height_px) {
  GrayImage gray(width_px, height_px);
  draw_example_frame(frame, gray);
  const cv::Mat green(height_px, width_px, CV_8UC1, gray.data());
  cv::Mat blue;
  cv::flip(green, blue, 1);
  cv::Mat colour;
  cv::merge(std::vector<cv::Mat>{blue, green, green * 0.8}, colour);
  std::vector<std::uint8_t> jpeg;
  cv::imencode(".jpg", colour, jpeg, {cv::IMWRITE_JPEG_QUALITY, 80});
  return jpeg;
}

GrayImage tracked_gray(const std::vector<std::uint8_t>& jpeg, int rotate_deg, bool mirror) {
  cv::Mat image = cv::imdecode(jpeg, cv::IMREAD_GRAYSCALE | cv::IMREAD_IGNORE_ORIENTATION);
  if (rotate_deg == 90) cv::rotate(image, image, cv::ROTATE_90_CLOCKWISE);
  if (rotate_deg == 180) cv::rotate(image, image, cv::ROTATE_180);
  if (rotate_deg == 270) cv::rotate(image, image, cv::ROTATE_90_COUNTERCLOCKWISE);
  if (mirror) cv::flip(image, image, 1);
  GrayImage gray(image.cols, image.rows);
  for (int y = 0; y < image.rows; ++y) std::copy_n(image.ptr<std::uint8_t>(y), image.cols, gray.row(y));
  return gray;
}

}  // namespace yarbus::test
