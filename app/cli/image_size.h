#pragma once

#include <string>
#include <utility>

#include "eyemodel/types/result.h"

namespace yarbus::cli {

/// Width and height (px) of "vga", "720p", "1080p", "4k" or "640x480"; of an empty text 1280 x 720. Errors:
/// invalid_option.
Result<std::pair<int, int>> parse_image_size(const std::string& size);

}  // namespace yarbus::cli
