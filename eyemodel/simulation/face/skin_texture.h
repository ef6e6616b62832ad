#pragma once

#include <cstdint>

#include <opencv2/core.hpp>

#include "eyemodel/simulation/face/person.h"

namespace yarbus::simulation {

/// Noise with mean 0 and deviation about 1 whose grains are about `grain_px` across. The same seed gives the
/// same noise.
cv::Mat1f grain(cv::Size size, double grain_px, std::uint64_t seed);

/// Linear albedo of the whole head, over angle (columns) and height (rows): skin with blotches, pores and
/// blemishes, brows, lips, nostrils, hair. `radius_mm`: the head's shape over the same grid, coarser.
cv::Mat1f paint_head(const Person& person, const cv::Mat1f& radius_mm);
/// Of neck and clothes.
cv::Mat1f paint_body(const Person& person, int rows, int columns);

}  // namespace yarbus::simulation
