#pragma once

#include <string>

#include "app/viewing/viewing_results.h"

namespace yarbus {

/// Tables of a viewing's results (docs/viewing.md); lines end with "\n", texts are quoted where they need it,
/// a value that is absent is an empty field. Tasks are numbered from 1.
std::string viewing_tasks_csv(const ViewingResults& results);      ///< a row a task, with its figures
std::string viewing_fixations_csv(const ViewingResults& results);  ///< a row a fixation
std::string viewing_gaze_csv(const ViewingResults& results);  ///< a row a gaze while the picture was shown

}  // namespace yarbus
