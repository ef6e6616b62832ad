#pragma once

#include <optional>
#include <vector>

#include "app/benchmark/statistics.h"

namespace yarbus::benchmark {

/// A lid closure that the detector stated, and how much of the pupil's area was hidden.
struct StatedClosure {
  double closure = 0.0;       ///< share of the pupil's height that the lid covers, 0..1
  double hidden_share = 0.0;  ///< of the pupil's area, 0..1: by lids, lashes or the image's border
};

struct LidClosureErrors {
  /// Size of: the area that a level lid hides at the stated closure, minus the area that is hidden.
  Statistics area_error;
  /// Of those two areas (Pearson); nullopt when either never changes.
  std::optional<double> correlation;
};

/// Share of an ellipse's area above a level line that cuts off `closure` of its height; outside 0..1 it is
/// taken as 0 or 1.
double area_under_level_lid(double closure);

/// The truth is about areas, so the closure, which is about heights, is turned into one. nullopt for none.
std::optional<LidClosureErrors> lid_closure_errors(const std::vector<StatedClosure>& statements);

}  // namespace yarbus::benchmark
