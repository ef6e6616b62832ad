#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace yarbus {

/// The size a JPEG's frame header declares.
struct JpegSize {
  int width_px = 0;
  int height_px = 0;
};

/// The size of `jpeg` if it is whole: begins and ends as a JPEG does (zeros and line ends after it are
/// forgiven) and has a frame header. nullopt for half a picture, which a decoder would fill with gray, and
/// for what is no JPEG. Cost: walks the headers only. Never throws. Threads: concurrent-safe.
std::optional<JpegSize> size_of_whole_jpeg(std::span<const std::uint8_t> jpeg);

}  // namespace yarbus
