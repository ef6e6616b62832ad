#pragma once

#include <QString>

#include "app/viewing/viewing_plan.h"

namespace yarbus::ui {

/// The plan that comes with Yarbus, with its picture written into `folder` (the user's data folder if it is
/// empty) where it is not there yet. Errors: output_unwritable.
Result<ViewingPlan> example_viewing_plan(const QString& folder = {});

}  // namespace yarbus::ui
