#pragma once

#include <cstdint>

#include <opencv2/core.hpp>

namespace yarbus::simulation {

/// What spectacle glass between camera and eye adds to the image: ghosts of the LEDs, a veil of reflected
/// light with soft borders, the rim's glare. Gray values to add (1 = white), for `glasses` = 1.
cv::Mat1f draw_spectacle_reflections(int width_px, int height_px, std::uint64_t seed);

}  // namespace yarbus::simulation
