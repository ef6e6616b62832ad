#pragma once

#include <filesystem>
#include <vector>

#include "app/benchmark/model.h"

namespace yarbus::cli {

/// Two pictures in `folder`: model.png with the reliability of the stated gaze regions, the error while
/// learning and after a slip for each population, and over the long course; model-cost.png with the time of a
/// joint fit against its frames and the memory by minutes. A QApplication must exist. Returns the paths.
/// Errors: output_unwritable.
Result<std::vector<std::filesystem::path>> write_model_plots(const benchmark::ModelResult& result,
                                                             const std::filesystem::path& folder);

}  // namespace yarbus::cli
