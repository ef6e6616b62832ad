#pragma once

#include <array>

#include "calibration/calibration_sample.h"
#include "calibration/procedure/procedure_frame.h"

namespace yarbus {

/// What one frame gives to a showing.
struct FrameSample {
  CalibrationSample sample;  ///< with usable eyes alone, and their face where there is one; no target yet
  std::array<bool, 2> is_lost{};
  bool is_usable = false;   ///< an eye is
  bool is_closed = false;   ///< an eye is
  bool is_invalid = false;  ///< a ray is not a number
};

/// An eye is usable with a ray that is a number, outside blinks, with `min_confidence` or more. No heap.
FrameSample frame_sample(const ProcedureFrame& frame, double min_confidence);

}  // namespace yarbus
