#pragma once

#include <optional>

namespace yarbus {

/// How far one sample is from the truth its frame carries; absent where either side has nothing to compare.
struct TruthErrors {
  std::optional<double> gaze_deg;    ///< angle between estimated and true optical axis
  std::optional<double> ellipse_px;  ///< Hausdorff distance between the detected and the true pupil outline
  std::optional<double> pupil_diameter_mm;  ///< estimated minus true
};

}  // namespace yarbus
