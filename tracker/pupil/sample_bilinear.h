#pragma once

#include <cstdint>

#include "eyemodel/types/image.h"

namespace yarbus {

/// Gray value at a fractional position by bilinear interpolation; positions outside take the nearest border
/// value.
inline float sample_bilinear(GrayView image, float x, float y) {
  const float max_x = static_cast<float>(image.width_px - 1);
  const float max_y = static_cast<float>(image.height_px - 1);
  x = x < 0.0F ? 0.0F : (x > max_x ? max_x : x);
  y = y < 0.0F ? 0.0F : (y > max_y ? max_y : y);
  const int x0 = static_cast<int>(x);
  const int y0 = static_cast<int>(y);
  const int x1 = x0 + (x0 + 1 < image.width_px ? 1 : 0);
  const float fx = x - static_cast<float>(x0);
  const float fy = y - static_cast<float>(y0);
  const std::uint8_t* upper = image.row(y0);
  const std::uint8_t* lower = image.row(y0 + (y0 + 1 < image.height_px ? 1 : 0));
  const float top = static_cast<float>(upper[x0]) + fx * static_cast<float>(upper[x1] - upper[x0]);
  const float bottom = static_cast<float>(lower[x0]) + fx * static_cast<float>(lower[x1] - lower[x0]);
  return top + fy * (bottom - top);
}

/// The same without looking at the border: 0 <= x < width - 1 and 0 <= y < height - 1 must hold.
inline float sample_bilinear_inside(GrayView image, float x, float y) {
  const int x0 = static_cast<int>(x);
  const int y0 = static_cast<int>(y);
  const float fx = x - static_cast<float>(x0);
  const float fy = y - static_cast<float>(y0);
  const std::uint8_t* upper = image.row(y0) + x0;
  const std::uint8_t* lower = upper + image.stride_bytes;
  const float top = static_cast<float>(upper[0]) + fx * static_cast<float>(upper[1] - upper[0]);
  const float bottom = static_cast<float>(lower[0]) + fx * static_cast<float>(lower[1] - lower[0]);
  return top + fy * (bottom - top);
}

}  // namespace yarbus
