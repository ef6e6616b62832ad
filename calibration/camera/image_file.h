#pragma once

#include <filesystem>
#include <vector>

#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Reads a picture as gray, not turned by what its metadata say. Errors: input_missing, input_unreadable,
/// unsupported_format (size).
Result<GrayImage> read_gray_image(const std::filesystem::path& path);

/// The pictures in a folder, by name. Errors: input_missing, permission_denied, input_empty.
Result<std::vector<std::filesystem::path>> pictures_in(const std::filesystem::path& folder);

/// True if the name ends like a picture's.
bool is_picture_name(const std::filesystem::path& path);

}  // namespace yarbus
