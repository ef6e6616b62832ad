#pragma once

#include <filesystem>
#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "app/export/labelled_recording.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// What meta.json says about the screen: `"screen": {"width_mm", "height_mm", "width_px", "height_px"}` and,
/// if the camera's place is known, `"screen_from_cam": {"rotation": [[...], [...], [...]], "translation_mm":
/// [...]}`. nullopt: it has no screen. Errors: input_unreadable naming the file and the key.
Result<std::optional<LabelledScreen>> read_labelled_screen(const std::filesystem::path& path,
                                                           const nlohmann::json& meta);

}  // namespace yarbus
