#pragma once

#include <span>
#include <vector>

#include "tracker/events/fixation_detector.h"
#include "tracker/events/saccade_detector.h"

namespace yarbus {

/// When a stretch between saccades is a fixation.
struct VelocityFixationLimits {
  double shortest_s = 0.1;
  double longest_loss_s = 0.075;
  double fastest_drift_deg_s = 6.0;
};

/// What lies between saccades.
struct VelocityFixations {
  std::vector<FixationEvent> fixations;
  std::vector<FixationEvent> drifts;  ///< as long, but gaze moves on
};

/// I-VT (Salvucci & Goldberg 2000) over a whole series: the stretches of valid gaze between saccades and
/// losses. A stretch drifts if gaze goes faster than the limit from its first to its last tenth of a second,
/// and at least one degree. Too fast samples beside a loss are cut off; saccades below the least amplitude
/// stay in. `found` must be of the same series and have a threshold (YARBUS_CHECK).
VelocityFixations fixations_by_velocity(std::span<const GazeDirectionSample> series,
                                        const SaccadeSeries& found, const VelocityFixationLimits& limits);

}  // namespace yarbus
