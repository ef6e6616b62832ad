#pragma once

#include <cstdint>

#include <Eigen/Core>

namespace yarbus {

/// What moves the simulated eye's gaze.
enum class SimulatedMotion : std::uint8_t {
  scenario,        ///< as the scenario has it
  look_around,     ///< saccades and fixations
  pursuit,         ///< smooth pursuit of a moving target
  still,           ///< one long fixation at `pointer_deg`
  follow_pointer,  ///< saccades and pursuit towards `pointer_deg`
  look_at,         ///< the visual axis goes to `look_at_in_head_mm`: saccades, pursuit, fixations that drift
};

/// What a person can set while a simulated eye runs. Angles and lengths are the scene's own; `factor` fields
/// multiply what the scenario has.
struct SimulationControls {
  SimulatedMotion motion = SimulatedMotion::scenario;
  /// Where the pointer is: yaw (x, positive to image right in a frontal image) and pitch (y, positive up) of
  /// the optical axis in the head frame, degrees; clamped to what an eye can do (30, 25).
  Eigen::Vector2d pointer_deg = Eigen::Vector2d::Zero();
  /// Where the line of sight goes to, for `look_at`. Frame: the simulator's head (origin: this eye's centre;
  /// as a camera in front of the face sees it x to image right, y down, z into the head): straight ahead is
  /// z < 0. Beyond what an eye can do the optical axis stops at its limit.
  Eigen::Vector3d look_at_in_head_mm = Eigen::Vector3d(0.0, 0.0, -600.0);
  double pupil_radius_mm = 2.0;  ///< 1..4, mean; small unrest is added
  double noise_factor = 1.0;     ///< 0..5, of the sensor's noise
  double lid_droop_deg = 0.0;    ///< 0..30: the upper lid hangs by this much more
  double light_factor = 1.0;     ///< 0.2..2, exposure
  double off_axis_deg = 15.0;    ///< 0..55, angle between camera and straight ahead
  double slip_mm = 0.0;          ///< -4..4, the camera slid down the face by this much, tilting as it does
  std::uint32_t blinks = 0;      ///< each increment starts a blink
  bool is_closed = false;        ///< the lids stay shut: the eye is lost
};

}  // namespace yarbus
