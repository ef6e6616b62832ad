#include "app/recording/camera_jpeg.h"

#include <cstring>

#include <opencv2/imgcodecs.hpp>

namespace yarbus {

bool decode_camera_jpeg(std::span<const std::uint8_t> jpeg, GrayImage& image) {
  cv::Mat decoded;
  try {
    // A header around the bytes, which are only read.
    const cv::Mat bytes(1, static_cast<int>(jpeg.size()), CV_8UC1, const_cast<std::uint8_t*>(jpeg.data()));
    decoded = cv::imdecode(bytes, cv::IMREAD_GRAYSCALE | cv::IMREAD_IGNORE_ORIENTATION);
  } catch (const cv::Exception&) {
    return false;
  }
  if (decoded.empty()) return false;
  image.resize(decoded.cols, decoded.rows);
  for (int y = 0; y < decoded.rows; ++y)
    std::memcpy(image.row(y), decoded.ptr(y), static_cast<std::size_t>(decoded.cols));
  return true;
}

}  // namespace yarbus
