#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/simulation/random.h"
#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/frames.h"
#include "eyemodel/types/result.h"
#include "eyemodel/types/rigid_transform.h"
#include "eyemodel/types/screen_geometry.h"
#include "eyemodel/types/simulation_controls.h"

namespace yarbus {

/// What a simulated viewer does wrong, or what is wrong about them.
enum class ViewerFault : std::uint8_t {
  none,
  inattentive,        ///< looks about, but not at the targets
  one_place,          ///< looks at one place while targets are shown
  one_eye_lost,       ///< the left eye is shut from the middle of the calibration on
  slippage,           ///< both cameras slide by 2 mm and tilt by 2 deg half-way
  wrong_screen_size,  ///< the screen is half as large as stated
  head_moved,         ///< the head moves 20 mm sideways; begin_fault() says when
  no_eye,             ///< both eyes are shut, from the start
};
inline constexpr std::array<std::string_view, 8> viewer_fault_names{
    "none",     "inattentive",       "one-place",  "one-eye-lost",
    "slippage", "wrong-screen-size", "head-moved", "no-eye"};
constexpr std::string_view to_string(ViewerFault fault) {
  return viewer_fault_names[static_cast<std::size_t>(fault)];
}
std::optional<ViewerFault> viewer_fault_from_string(std::string_view name);

struct ViewerOptions {
  std::uint64_t seed = 1;                                  ///< who
  ScreenGeometry screen{530.0, 300.0, 1920, 1080, 600.0};  ///< as stated
  std::string scenario;  ///< of both eyes; empty: one of viewer_scenarios(), by the seed
  ViewerFault fault = ViewerFault::none;
  /// The fault begins when so many targets have been shown; unset: as ViewerFault says.
  std::optional<int> fault_from_target;
  /// Simulated eyes that are there already, by EyeSide; unset: drawn from the seed.
  struct EyeOf {
    std::string scenario;
    std::uint64_t seed = 1;
  };
  std::array<std::optional<EyeOf>, 2> eyes;
  double aim_sigma_deg = 0.2;     ///< of a fixation from its target, root mean square, both eyes alike
  double blink_interval_s = 4.0;  ///< mean; 0: none
};

/// Scenarios of the simulated eye in which the pupil stays in sight wherever a person looks on a desktop
/// screen (docs/calibration-benchmark.md says how that was found).
const std::vector<std::string>& viewer_scenarios();

/// A target on the screen. Frames & units: screen, mm, as stated.
struct VisibleTarget {
  int target = 0;  ///< number of the showing: another number is another target
  Eigen::Vector2d position_in_screen_mm = Eigen::Vector2d::Zero();
};

/// What the viewer wants at one time. Frames & units: screen, mm, as stated.
struct ViewerLook {
  std::array<SimulationControls, 2> eyes;  ///< by EyeSide, for SimulatedEye or SimulationMailbox
  Eigen::Vector2d wanted_in_screen_mm = Eigen::Vector2d::Zero();  ///< where the eyes are sent
};

/// A person before a screen: two simulated eyes that look at what is shown. Seat, head, distance between the
/// eyes, reaction time, aim and blinks are drawn from the seed. No target: the gaze wanders over the screen.
/// The eyes' saccades, pursuit and drift are the simulated eye's own (SimulatedMotion::look_at).
/// Frames & units: screen (origin top left, x right, y down, z away from the viewer; mm); head of each eye as
/// in SimulationControls. Errors: as SimulatedEye::create for an unknown scenario. Threads: one owner; no
/// clock; deterministic. Times rise.
class SimulatedViewer {
 public:
  static Result<SimulatedViewer> create(const ViewerOptions& options);

  /// Which simulated eye is this person's: for SimulatedEye::create or SimulatedSourceOptions.
  using EyeOf = ViewerOptions::EyeOf;
  [[nodiscard]] EyeOf eye(EyeSide side) const;

  /// At rising times; between frames of the eyes or with each of them.
  ViewerLook look(CaptureTime at, const std::optional<VisibleTarget>& visible);
  /// From the next look on, if the options' fault has not begun yet.
  void begin_fault() { has_fault_begun_ = true; }
  [[nodiscard]] ViewerFault fault() const { return options_.fault; }
  /// Ends it: the head, the camera or the attention is back.
  void end_fault();
  /// Another fault than the options', from the next look on.
  void set_fault(ViewerFault fault) {
    end_fault();
    options_.fault = fault;
    has_fault_begun_ = true;
  }

  /// Where an eye is: screen_from_head for the head frame of that eye; with the head where it is now.
  [[nodiscard]] RigidTransform screen_from_head(EyeSide side) const;
  /// Where a visual axis (SimulatedEye::visual_axis_in_head) meets the screen, mm as stated: on a screen that
  /// is smaller than stated, the place that a program takes it for. nullopt: it does not.
  [[nodiscard]] std::optional<Eigen::Vector2d> gaze_in_screen_mm(
      EyeSide side, const Eigen::Vector3d& visual_axis_in_head) const;
  [[nodiscard]] double distance_mm() const { return -middle_of_eyes_in_screen_mm_.z(); }

 private:
  /// Another seat for each attempt.
  SimulatedViewer(const ViewerOptions& options, std::uint64_t attempt);
  /// Whether both eyes can look at targets in all corners of the screen, within its usual margin.
  [[nodiscard]] bool sees_whole_screen() const;
  [[nodiscard]] Eigen::Vector2d wanted_place(double t_s, const std::optional<VisibleTarget>& visible);
  [[nodiscard]] Eigen::Vector2d wander(double t_s, double shortest_s, double longest_s);
  [[nodiscard]] Eigen::Vector2d place_before(double t_s) const;
  void note_target(double t_s, const VisibleTarget& visible);
  void drive_blinks(double t_s);
  [[nodiscard]] bool is_at_fault(ViewerFault fault) const {
    return has_fault_begun_ && options_.fault == fault;
  }
  /// Real place of a stated one, and back.
  [[nodiscard]] Eigen::Vector2d real_from_stated(const Eigen::Vector2d& stated_mm) const;
  [[nodiscard]] Eigen::Vector2d stated_from_real(const Eigen::Vector2d& real_mm) const;
  [[nodiscard]] double mm_per_deg() const;

  ViewerOptions options_;
  simulation::Random random_;
  std::array<EyeOf, 2> eyes_;
  std::array<SimulationControls, 2> controls_;
  // The seat.
  Eigen::Vector3d middle_of_eyes_in_screen_mm_ = Eigen::Vector3d::Zero();
  Eigen::Matrix3d screen_from_head_rotation_ = Eigen::Matrix3d::Identity();
  double half_apart_mm_ = 31.5;
  double latency_s_ = 0.2;

  bool has_fault_begun_ = false;
  std::optional<double> fault_began_s_;
  int targets_shown_ = 0;
  std::optional<int> target_;
  Eigen::Vector2d aim_mm_ = Eigen::Vector2d::Zero();
  struct Seen {
    double t_s = 0.0;
    Eigen::Vector2d place_mm = Eigen::Vector2d::Zero();
  };
  std::deque<Seen> seen_;
  std::optional<double> unseen_since_s_;
  Eigen::Vector2d wander_mm_ = Eigen::Vector2d::Zero();
  double next_wander_s_ = 0.0;
  double next_blink_s_ = 0.0;
};

}  // namespace yarbus
