#pragma once

#include <array>
#include <cstddef>

#include "eyemodel/types/image.h"

namespace yarbus {

/// Each pixel becomes the mean of 2 x 2 pixels; an odd last column or row is dropped.
void halve_image(GrayView source, GrayImage& half);

/// An image and its reductions by 2, 4, 8, .... Level 0 is the source itself, not a copy.
/// Frames & units: x_in_source_px = 2^level * x + (2^level - 1) / 2, because (0,0) is the centre of a pixel.
/// Threads: one owner. Cost: about 0.04 ms for 640x480; no heap once warm.
class GrayPyramid {
 public:
  static constexpr std::size_t max_levels = 7;
  static constexpr int min_side_px = 20;  ///< no level is made with a side smaller than this

  /// The source must outlive the views of level 0.
  void build(GrayView source);

  [[nodiscard]] std::size_t level_count() const { return level_count_; }
  [[nodiscard]] GrayView level(std::size_t index) const { return views_[index]; }
  [[nodiscard]] static double scale(std::size_t level) { return static_cast<double>(1U << level); }
  [[nodiscard]] static double to_source(double x, std::size_t level) {
    return scale(level) * x + 0.5 * (scale(level) - 1.0);
  }
  [[nodiscard]] static double from_source(double x, std::size_t level) {
    return (x - 0.5 * (scale(level) - 1.0)) / scale(level);
  }

 private:
  std::array<GrayImage, max_levels> images_;  ///< [0] stays empty
  std::array<GrayView, max_levels> views_;
  std::size_t level_count_ = 0;
};

}  // namespace yarbus
