#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/simulation/random.h"

namespace yarbus::simulation {

/// How an eye looks about. Angles: yaw (x) and pitch (y) of the optical axis in the head frame, degrees.
struct GazePlan {
  enum class Kind : std::uint8_t {
    scatter,  ///< one place a frame, spread evenly over the range: views for a fit, no motion between them
    look_around,  ///< saccades and fixations
    pursuit,      ///< smooth pursuit along a Lissajous curve
    mixed,        ///< saccades and fixations, with ramps of pursuit between them
    still,        ///< one fixation at `center_deg`
  } kind = Kind::mixed;
  Eigen::Vector2d center_deg = Eigen::Vector2d::Zero();
  Eigen::Vector2d range_deg{20.0, 14.0};  ///< half axes of the ellipse of places looked at
  double fixation_mean_s = 0.45;
  double scatter_rate_hz = 10.0;  ///< places a second
};

/// Peak-velocity main sequence (Bahill, Clark & Stark 1975; Carpenter 1988): a saccade of A degrees lasts
/// 21 ms + 2.2 ms/deg A.
double saccade_duration_s(double amplitude_deg);

/// Progress 0..1 of a saccade at `fraction` of its duration: the minimum-jerk profile, whose peak velocity is
/// 1.875 times the mean.
double saccade_progress(double fraction);

/// Gaze over time. A timeline of saccades, fixations (with drift and microsaccades) and pursuit, made as far
/// as it is asked for; at() depends on plan, seed and time only. Threads: one owner.
class GazeMotion {
 public:
  GazeMotion(const GazePlan& plan, std::uint64_t seed);

  struct State {
    Eigen::Vector2d gaze_deg = Eigen::Vector2d::Zero();
    bool is_saccade = false;  ///< of more than a microsaccade's size
  };
  [[nodiscard]] State at(double time_s);
  /// Slow unrest within a fixation, a few minutes of arc.
  [[nodiscard]] Eigen::Vector2d drift(double time_s) const;

 private:
  struct Segment {
    double start_s = 0.0;
    double end_s = 0.0;
    enum class Kind : std::uint8_t { fixation, saccade, pursuit } kind = Kind::fixation;
    Eigen::Vector2d from_deg = Eigen::Vector2d::Zero();
    Eigen::Vector2d to_deg = Eigen::Vector2d::Zero();
  };
  void extend(double time_s);
  void add_fixation(double duration_s);
  void add_saccade(const Eigen::Vector2d& to_deg);
  Eigen::Vector2d next_target();
  [[nodiscard]] Eigen::Vector2d scattered(std::int64_t index) const;
  [[nodiscard]] Eigen::Vector2d lissajous(double time_s) const;

  GazePlan plan_;
  Random random_;
  double phase_[8];
  Eigen::Vector2d place_deg_;
  std::vector<Segment> segments_;
  double planned_until_s_ = 0.0;
};

/// An eye that follows a moving target: a saccade when it is far, pursuit when it is near. Time must rise.
class GazeFollower {
 public:
  explicit GazeFollower(const Eigen::Vector2d& start_deg)
      : place_deg_(start_deg), from_deg_(start_deg), to_deg_(start_deg) {}
  GazeMotion::State follow(const Eigen::Vector2d& target_deg, double time_s);

 private:
  Eigen::Vector2d place_deg_;
  Eigen::Vector2d from_deg_;
  Eigen::Vector2d to_deg_;
  bool in_saccade_ = false;
  double saccade_start_s_ = 0.0;
  double saccade_end_s_ = 0.0;
  std::optional<double> last_time_s_;
};

}  // namespace yarbus::simulation
