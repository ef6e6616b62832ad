#pragma once

#include <cstdint>

#include <opencv2/core.hpp>

namespace yarbus::simulation {

/// A room behind a face, out of focus: wall, door, shelf, pictures, in linear light. The same seed gives the
/// same room. `blur_px` at a width of 1280 px.
cv::Mat1f paint_room(cv::Size size, std::uint64_t seed, double brightness, double blur_px);

}  // namespace yarbus::simulation
