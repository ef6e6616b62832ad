#pragma once

#include <filesystem>
#include <string>

#include "app/viewing/viewing_plan.h"

namespace yarbus {

/// A plan as JSON (docs/viewing.md) and back. Every key is checked: what is missing, unknown, twice there or
/// of the wrong kind is an error that names the line. Errors: input_unreadable.
Result<ViewingPlan> viewing_plan_from_json(const std::string& text);
std::string viewing_plan_json(const ViewingPlan& plan);

/// A picture that is named without its folder is looked for beside the plan; `image` is then an absolute
/// path. Errors: input_missing, input_unreadable.
Result<ViewingPlan> load_viewing_plan(const std::filesystem::path& file);
/// A picture in the plan's folder, or below it, is named from there, so that both can be moved together. The
/// file gets its name only when it is whole. Errors: output_unwritable.
Result<void> save_viewing_plan(const std::filesystem::path& file, const ViewingPlan& plan);

}  // namespace yarbus
