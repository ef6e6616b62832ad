#pragma once

#include <filesystem>
#include <vector>

#include "app/benchmark/accuracy.h"

namespace yarbus::cli {

/// One picture for each group: accuracy-<group>.png in `folder`, with cumulative gaze and outline errors,
/// gaze error against eccentricity, and gaze error, outline error and pupils found against the visible share.
/// A QApplication must exist. Returns the paths. Errors: output_unwritable.
Result<std::vector<std::filesystem::path>> write_accuracy_plots(const benchmark::AccuracyResult& result,
                                                                const std::filesystem::path& folder);

}  // namespace yarbus::cli
