#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/simulation/gaze_motion.h"
#include "eyemodel/simulation/random.h"

namespace yarbus::simulation {

/// One slip of the headset, from where it sits then, in a direction of chance.
struct ScriptedSlip {
  double time_s = 0.0;
  double size_mm = 0.0;
  double size_deg = 0.0;
};

/// Everything that changes over a recording.
struct MotionPlan {
  GazePlan gaze;
  double pupil_radius_mm = 2.0;
  double pupil_unrest_mm = 0.06;  ///< hippus, amplitude
  double dilation_mm = 0.0;       ///< slow swing of the radius around its mean, amplitude
  double dilation_period_s = 8.0;
  double lid_swing_deg = 0.0;     ///< drowsy upper lid: slow swing of its height, amplitude
  double blink_interval_s = 0.0;  ///< mean time between blinks; 0 = none
  double first_blink_s = 0.0;     ///< > 0: one blink surely starts then
  double slip_interval_s = 0.0;   ///< mean time between slips of the headset; 0 = none
  double slip_mm = 0.0;           ///< size of a slip
  double slip_deg = 0.0;
  std::vector<ScriptedSlip> scripted_slips;  ///< by rising time; not empty: these and no others
};

/// A blink's course: 75 ms down, 45 ms closed, 160 ms up. 0 = open, 1 = closed, `since_s` after its start.
double blink_closure(double since_s);
/// What a slip takes from where the headset was to where it stays.
constexpr double slip_duration_s = 0.15;
constexpr double blink_duration_s = 0.28;

/// The eye and the headset over time: gaze, pupil, blinks, slips. at() depends on plan, seed and time only.
/// Threads: one owner.
class EyeMotion {
 public:
  EyeMotion(const MotionPlan& plan, std::uint64_t seed);

  struct State {
    GazeMotion::State gaze;
    double pupil_radius_mm = 2.0;
    double closure = 0.0;
    double lid_lift_deg = 0.0;  ///< of the upper lid, from its rest
    bool is_blinking = false;   ///< from a blink's start to its end
    Eigen::Vector3d slip_in_head_mm = Eigen::Vector3d::Zero();
    Eigen::Vector3d tilt_deg = Eigen::Vector3d::Zero();
  };
  [[nodiscard]] State at(double time_s);

 private:
  struct Slip {
    double start_s = 0.0;
    Eigen::Vector3d slip_in_head_mm = Eigen::Vector3d::Zero();  ///< where the headset is afterwards
    Eigen::Vector3d tilt_deg = Eigen::Vector3d::Zero();
  };
  void extend(double time_s);
  void add_scripted_slips();
  /// Small changes of the pupil's radius that never rest, mm.
  [[nodiscard]] double hippus_mm(double time_s) const;

  MotionPlan plan_;
  GazeMotion gaze_;
  Random blink_random_;
  Random slip_random_;
  double phase_[4];
  std::vector<double> blinks_s_;  ///< starts, rising; the last lies beyond all asked so far
  std::vector<Slip> slips_;       ///< likewise
};

}  // namespace yarbus::simulation
