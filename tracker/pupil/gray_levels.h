#pragma once

#include "eyemodel/types/image.h"

namespace yarbus {

/// What an image's gray values are like as a whole, from a sparse sample of it.
struct GrayLevels {
  double noise_gray = 1.0;  ///< standard deviation of a pixel, from differences of neighbours
  double dark_gray = 0.0;   ///< 2 % of the pixels are darker
  double median_gray = 0.0;
  double bright_gray = 255.0;  ///< a quarter of the pixels are brighter
};

/// Reads at most some ten thousand pixels. Uniform bars along the borders (letterbox) do not count.
/// No heap. Cost: about 0.02 ms.
GrayLevels read_gray_levels(GrayView image);

}  // namespace yarbus
