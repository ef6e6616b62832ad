#include "tracker/pupil/gray_pyramid.h"

#include <algorithm>

#include <opencv2/core/hal/intrin.hpp>

namespace yarbus {

void halve_image(GrayView source, GrayImage& half) {
  const int width = source.width_px / 2;
  const int height = source.height_px / 2;
  half.resize(width, height);
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* upper = source.row(2 * y);
    const std::uint8_t* lower = source.row(2 * y + 1);
    std::uint8_t* out = half.row(y);
    int x = 0;
#if CV_SIMD128
    // Pairs of bytes as 16-bit lanes: the even ones masked, the odd ones shifted down.
    const cv::v_uint16x8 even = cv::v_setall_u16(0x00FF);
    const auto pair_sums = [&](int byte) {
      const cv::v_uint16x8 a = cv::v_reinterpret_as_u16(cv::v_load(upper + byte));
      const cv::v_uint16x8 b = cv::v_reinterpret_as_u16(cv::v_load(lower + byte));
      return (a & even) + (a >> 8) + (b & even) + (b >> 8);
    };
    const cv::v_uint16x8 rounding = cv::v_setall_u16(2);
    for (; x + 16 <= width; x += 16) {
      const cv::v_uint16x8 left = (pair_sums(2 * x) + rounding) >> 2;
      const cv::v_uint16x8 right = (pair_sums(2 * x + 16) + rounding) >> 2;
      cv::v_store(out + x, cv::v_pack(left, right));
    }
#endif
    for (; x < width; ++x)
      out[x] = static_cast<std::uint8_t>(
          (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >> 2);
  }
}

void GrayPyramid::build(GrayView source) {
  views_[0] = source;
  level_count_ = 1;
  while (level_count_ < max_levels) {
    const GrayView below = views_[level_count_ - 1];
    if (std::min(below.width_px, below.height_px) < 2 * min_side_px) break;
    halve_image(below, images_[level_count_]);
    views_[level_count_] = images_[level_count_].view();
    ++level_count_;
  }
}

}  // namespace yarbus
