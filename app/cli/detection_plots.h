#pragma once

#include <filesystem>
#include <vector>

#include "app/benchmark/detection.h"

namespace yarbus::cli {

/// One picture for each set and one for all together: detection-<set>.png in `folder`, with the share of
/// pupils found by centre and outline error, the confidence's reliability, pupils found and outline error
/// against the visible share, and the time of a detection. A QApplication must exist. Returns the paths.
/// Errors: output_unwritable.
Result<std::vector<std::filesystem::path>> write_detection_plots(const benchmark::DetectionResult& result,
                                                                 const std::filesystem::path& folder);

}  // namespace yarbus::cli
