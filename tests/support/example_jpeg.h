#pragma once

#include <cstdint>
#include <vector>

#include "eyemodel/types/image.h"

namespace yarbus::test {

/// draw_example_frame()'s picture as a colour camera's JPEG: tinted, so that its gray is not one of its
/// channels; every frame other bytes, the same every time.
std::vector<std::uint8_t> example_jpeg(std::int64_t frame, int width_px, int height_px);

/// A JPEG's gray levels as live tracking sees them, turned clockwise and then mirrored by OpenCV.
GrayImage tracked_gray(const std::vector<std::uint8_t>& jpeg, int rotate_deg = 0, bool mirror = false);

}  // namespace yarbus::test
