#pragma once

#include <filesystem>
#include <vector>

#include "app/benchmark/webcam.h"

namespace yarbus::cli {

/// One PNG a group of recordings: distributions of the mappers' errors, and what fewer calibration samples
/// give. Returns the files. Errors: output_unwritable.
Result<std::vector<std::filesystem::path>> write_webcam_plots(const benchmark::WebcamResult& result,
                                                              const std::filesystem::path& folder);

}  // namespace yarbus::cli
