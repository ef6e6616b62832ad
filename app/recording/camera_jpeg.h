#pragma once

#include <cstdint>
#include <span>

#include "eyemodel/types/image.h"

namespace yarbus {

/// Decodes a camera's own picture to the very gray levels that live tracking saw: by the same decoder and
/// options as the source (tracker/capture), unturned. `image` keeps its memory. False: it cannot be decoded.
/// Threads: concurrent-safe.
bool decode_camera_jpeg(std::span<const std::uint8_t> jpeg, GrayImage& image);

}  // namespace yarbus
