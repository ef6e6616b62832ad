#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/eye_motion.h"
#include "eyemodel/simulation/random.h"
#include "tracker/events/blink_margins.h"
#include "tracker/events/gaze_series.h"

namespace yarbus {

/// Gaze of the simulator's eye as an eye tracker without errors but noise would see it, and what is true.
struct SimulatedGaze {
  struct Movement {
    double onset_s = 0.0;
    double offset_s = 0.0;
    double amplitude_deg = 0.0;
    double peak_velocity_deg_s = 0.0;
    [[nodiscard]] double duration_s() const { return offset_s - onset_s; }
    [[nodiscard]] bool overlaps(double from_s, double to_s) const {
      return onset_s < to_s && offset_s > from_s;
    }
  };
  std::vector<GazeDirectionSample> series;
  std::vector<EyeOpeningSample> openings;
  std::vector<Movement> saccades;   ///< of more than a microsaccade's size
  std::vector<Movement> fixations;  ///< between saccades and blinks
  std::vector<Movement> blinks;     ///< from the first to the last movement of the lid
  double duration_s = 0.0;
};

struct SimulatedGazePlan {
  double rate_hz = 120.0;
  double noise_deg = 0.1;  ///< of each axis, white
  double duration_s = 120.0;
  double blink_interval_s = 4.0;  ///< 0: none
  double time_jitter = 0.1;       ///< of the interval, evenly
  double lost_share = 0.01;       ///< of the samples that never arrive
  std::uint64_t seed = 1;
};

inline Eigen::Vector3d direction_of(const simulation::EyeMotion::State& state) {
  return direction_from_angles_deg(state.gaze.gaze_deg.x(), state.gaze.gaze_deg.y());
}

inline SimulatedGaze simulate_gaze(const SimulatedGazePlan& plan) {
  simulation::MotionPlan motion;
  motion.gaze.kind = simulation::GazePlan::Kind::look_around;
  motion.gaze.range_deg = {15.0, 10.0};
  motion.blink_interval_s = plan.blink_interval_s;
  simulation::EyeMotion eye(motion, plan.seed);
  SimulatedGaze gaze;
  gaze.duration_s = plan.duration_s;

  constexpr double step_s = 0.0005;
  Eigen::Vector3d before = direction_of(eye.at(0.0));
  Eigen::Vector3d start = before;
  bool was_saccade = false;
  bool was_blinking = false;
  bool was_fixation = false;
  for (double t = 0.0; t < plan.duration_s; t += step_s) {
    const auto state = eye.at(t);
    const Eigen::Vector3d direction = direction_of(state);
    const bool is_saccade = state.gaze.is_saccade;
    if (is_saccade && !was_saccade) {
      gaze.saccades.push_back({t, t, 0.0, 0.0});
      start = direction;
    }
    if (is_saccade) {
      auto& saccade = gaze.saccades.back();
      saccade.offset_s = t + step_s;
      saccade.amplitude_deg = degrees_of(angle_between_rad(start, direction));
      if (was_saccade) {
        saccade.peak_velocity_deg_s =
            std::max(saccade.peak_velocity_deg_s, degrees_of(angle_between_rad(before, direction)) / step_s);
      }
    }
    if (state.is_blinking && !was_blinking) gaze.blinks.push_back({t, t, 0.0, 0.0});
    if (state.is_blinking) gaze.blinks.back().offset_s = t + step_s;
    const bool is_fixation = !is_saccade && !state.is_blinking;
    if (is_fixation && !was_fixation) gaze.fixations.push_back({t, t, 0.0, 0.0});
    if (is_fixation) gaze.fixations.back().offset_s = t + step_s;
    was_saccade = is_saccade;
    was_blinking = state.is_blinking;
    was_fixation = is_fixation;
    before = direction;
  }

  simulation::Random random(plan.seed * 77 + 5);
  const double interval_s = 1.0 / plan.rate_hz;
  for (double slot_s = interval_s; slot_s < plan.duration_s - interval_s; slot_s += interval_s) {
    const double t = slot_s + interval_s * plan.time_jitter * random.uniform(-1.0, 1.0);
    const bool is_lost = random.uniform() < plan.lost_share;
    const double noise[2] = {plan.noise_deg * random.normal(), plan.noise_deg * random.normal()};
    if (is_lost) continue;
    const auto state = eye.at(t);
    const bool is_hidden = state.closure > 0.5;
    const CaptureTime at = time_from_seconds(t);
    gaze.series.push_back(
        {at,
         direction_from_angles_deg(state.gaze.gaze_deg.x() + noise[0], state.gaze.gaze_deg.y() + noise[1]),
         !is_hidden});
    gaze.openings.push_back({at, {.confidence = is_hidden ? 0.0 : 0.95}});
  }
  return gaze;
}

}  // namespace yarbus
