#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "tracker/capture/frame_source.h"

namespace yarbus {

/// The images of a folder in natural order (img2 before img10), or of its subfolder `frames` if it has none
/// itself. 16-bit images are scaled from their full range to 8 bits, colour becomes gray, alpha is ignored.
/// Times follow folder_rate_hz.
Result<std::unique_ptr<FrameSource>> open_image_folder(const SourceOptions& options);

/// True if `a` comes before `b` when runs of digits count as numbers.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace yarbus
