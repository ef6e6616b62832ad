#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/simulation/random.h"
#include "eyemodel/types/face_truth.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus::simulation {

/// How a person's gaze follows targets.
struct GazeHabits {
  double fixation_sigma_deg = 0.3;  ///< of a fixation from its target, both axes together
  double latency_s = 0.2;
  double mm_per_deg = 10.5;  ///< on the screen
};

/// Targets on a screen and the gaze that follows them: a saccade after the latency, a fixation that misses by
/// a little, drifts and has microsaccades. Own targets: thirteen of a calibration, sixteen at chance places,
/// and more of these without end; or somebody's, who steers. Frames & units: screen, mm, s. Without steering
/// a function of the time alone. Threads: one owner.
class GazeCourse {
 public:
  static constexpr double calibration_target_s = 1.2;
  static constexpr double test_target_s = 0.9;
  static constexpr int calibration_targets = 13;
  static constexpr int test_targets = 16;

  GazeCourse(const ScreenGeometry& screen, const GazeHabits& habits, std::uint64_t seed);

  /// From `time_s` on, which must rise; unset: its own targets again.
  void look_at(const std::optional<Eigen::Vector2d>& target_in_screen_mm, double time_s);

  struct State {
    Eigen::Vector2d target_in_screen_mm = Eigen::Vector2d::Zero();
    Eigen::Vector2d gaze_in_screen_mm = Eigen::Vector2d::Zero();
    double target_age_s = 0.0;  ///< since the target came or last moved
    GazeSplit split = GazeSplit::calibration;
    bool is_saccade = false;
  };
  [[nodiscard]] State at(double time_s);

 private:
  /// A target that stands from `start_s` on, and where the gaze goes for it.
  struct Step {
    double start_s = 0.0;
    Eigen::Vector2d target_mm = Eigen::Vector2d::Zero();
    Eigen::Vector2d place_mm = Eigen::Vector2d::Zero();
    GazeSplit split = GazeSplit::test;
  };
  struct Move {
    double time_s = 0.0;
    Eigen::Vector2d target_mm = Eigen::Vector2d::Zero();
  };
  void add(double start_s, const Eigen::Vector2d& target_mm, GazeSplit split);
  void plan_until(double time_s);
  /// A target that glided stands from now on where it is.
  void end_glide();
  [[nodiscard]] Eigen::Vector2d unrest_mm(double time_s) const;
  /// How far a target that moves has come since its step's start, as seen at a time.
  [[nodiscard]] Eigen::Vector2d moved_mm(const Step& step, double time_s) const;

  Eigen::Vector2d size_mm_;
  GazeHabits habits_;
  std::uint64_t seed_;
  Random random_;
  std::vector<Step> steps_;
  std::vector<Move> moves_;  ///< of a steered target that glides, rising time
  std::vector<Eigen::Vector2d> calibration_order_;
  int planned_ = 0;  ///< own targets that are among the steps
  double planned_until_s_ = 0.0;
  bool is_steered_ = false;
  double phases_[8];
};

}  // namespace yarbus::simulation
