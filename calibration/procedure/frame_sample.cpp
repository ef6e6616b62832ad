#include "calibration/procedure/frame_sample.h"

namespace yarbus {

FrameSample frame_sample(const ProcedureFrame& frame, double min_confidence) {
  FrameSample seen;
  seen.sample.rays.captured_at = frame.at();
  for (std::size_t eye = 0; eye < 2; ++eye) {
    const EyeStatus& status = frame.status[eye];
    const auto& ray = frame.rays.eyes[eye];
    const bool is_number = ray && is_valid(*ray);
    seen.is_invalid |= ray && !is_number;
    seen.is_closed |= status.is_closed();
    seen.is_lost[eye] = !is_number || status.in_blink || ray->confidence < min_confidence;
    if (seen.is_lost[eye]) continue;
    seen.sample.rays.eyes[eye] = *ray;
    seen.is_usable = true;
  }
  if (seen.is_usable) seen.sample.rays.face = frame.rays.face;
  return seen;
}

}  // namespace yarbus
