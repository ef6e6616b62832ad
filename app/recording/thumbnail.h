#pragma once

#include <filesystem>

#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Writes a gray PNG of an image, made smaller by a whole factor until it is at most `longest_px` wide and
/// high. Errors: output_unwritable.
Result<void> write_thumbnail(const GrayView& image, int longest_px, const std::filesystem::path& file);

}  // namespace yarbus
