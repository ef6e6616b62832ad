#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

#include <Eigen/Core>

#include "calibration/procedure/procedure_frame.h"
#include "eyemodel/simulation/random.h"

namespace yarbus::support {

/// What a simulated participant does wrong.
enum class ParticipantFault : std::uint8_t {
  none,
  no_eye,               ///< never any pupil
  eye_lost_at_start,    ///< no pupil from `fault_s` on
  lower_half_lost,      ///< the lid hides the pupil when the gaze is in the lower half of the screen
  lost_looking_down,    ///< likewise, and looks up and down before the first target
  one_place,            ///< looks at the screen's middle all the time
  elsewhere,            ///< looks about, but not at the targets
  one_eye_lost,         ///< the left pupil is lost from `fault_s` on
  slippage,             ///< both cameras move by 2 mm and 1 deg at `fault_s`
  some_invalid,         ///< from `fault_s` on every fifth frame's rays are not numbers
  all_invalid,          ///< from `fault_s` on all are
  half_screen,          ///< the screen is half as large as stated
  one_point_elsewhere,  ///< the first time that `elsewhere_point` is shown the eye goes 8 deg past it
};

struct ParticipantOptions {
  std::uint64_t seed = 1;
  ScreenGeometry screen{520.0, 320.0, 1920, 1200, 600.0};  ///< as stated
  std::array<bool, 2> is_tracked{true, true};
  double latency_s = 0.2;
  double pursuit_lag_s = 0.08;
  double noise_deg = 0.15;        ///< of the tracker, each direction and frame
  double fixation_deg = 0.15;     ///< slow unrest of the gaze
  double blink_interval_s = 4.0;  ///< mean; 0: none
  ParticipantFault fault = ParticipantFault::none;
  double fault_s = 8.0;  ///< negative: from the first target on
  int elsewhere_point = 3;
};

/// What is on the screen.
struct VisibleTarget {
  int target = 0;
  int point = 0;
  Eigen::Vector2d position_in_screen_mm = Eigen::Vector2d::Zero();
};

/// A person before a screen, down to each eye's optical axis in its camera: latency, saccades, fixations with
/// unrest, pursuit, kappa, blinks, tracker noise. Deterministic; time must rise.
class SimulatedParticipant {
 public:
  explicit SimulatedParticipant(const ParticipantOptions& options);
  ProcedureFrame look(CaptureTime at, const std::optional<VisibleTarget>& target);
  [[nodiscard]] Eigen::Vector2d gaze_in_screen_mm() const { return gaze_mm_; }

 private:
  [[nodiscard]] Eigen::Vector2d wanted_place(double t_s, const std::optional<VisibleTarget>& target);
  [[nodiscard]] Eigen::Vector2d place_before(double t_s) const;
  void move_gaze(double t_s, double step_s, const Eigen::Vector2d& wanted_mm);
  [[nodiscard]] EyeRay ray_of(EyeSide side, double t_s);

  ParticipantOptions options_;
  simulation::Random random_;
  std::array<Eigen::Vector2d, 2> kappa_deg_;
  std::array<Eigen::Matrix3d, 2> cam_from_screen_;
  std::array<Eigen::Vector3d, 2> center_in_cam_mm_;
  struct Seen {
    double t_s = 0.0;
    Eigen::Vector2d place_mm = Eigen::Vector2d::Zero();
  };
  std::deque<Seen> seen_;
  std::optional<double> last_s_;
  Eigen::Vector2d gaze_mm_;
  Eigen::Vector2d unrest_mm_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d saccade_from_mm_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d saccade_to_mm_ = Eigen::Vector2d::Zero();
  double saccade_start_s_ = 0.0;
  double saccade_end_s_ = -1.0;
  bool in_saccade_ = false;
  double next_blink_s_ = 0.0;
  double next_wander_s_ = 0.0;
  Eigen::Vector2d wander_mm_ = Eigen::Vector2d::Zero();
  std::optional<int> first_showing_;  ///< of elsewhere_point
  bool has_seen_target_ = false;
};

}  // namespace yarbus::support
