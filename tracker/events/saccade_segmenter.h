#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <Eigen/Core>

#include "tracker/events/gaze_velocity.h"
#include "tracker/events/saccade.h"
#include "tracker/events/saccade_threshold.h"

namespace yarbus {

/// Cuts a stream of velocities into saccades.
/// Method: a run of samples outside the threshold's ellipse is a saccade; one slow sample in it does not end
/// it. Onset and offset are where the exceedance passes 1, on a straight line between two samples. Gaze
/// before and after is averaged over `settle_s`. Not told: runs next to a lost sample (a saccade into or out
/// of a blink has no measurable end), runs that begin within `settle_s` of the last offset (the eye settles),
/// single samples, and what the options exclude. Latency: `settle_s` after the offset. Threads: one owner.
/// Memory: fixed, no heap.
class SaccadeSegmenter {
 public:
  explicit SaccadeSegmenter(const SaccadeOptions& options);  ///< options must be valid (YARBUS_CHECK)

  void clear();
  /// Adds one sample; returns a saccade that is now complete.
  std::optional<Saccade> push(const GazeVelocity& velocity, const SaccadeThreshold& threshold);
  /// The end of the series: a saccade whose landing was under way.
  std::optional<Saccade> finish();

 private:
  enum class State : std::uint8_t { slow, fast, landing };
  struct Place {
    CaptureTime at{};
    Eigen::Vector3d direction = Eigen::Vector3d::Zero();
  };
  static constexpr std::size_t places_kept = 64;

  void begin_run(const GazeVelocity& velocity, double exceedance);
  std::optional<Saccade> land(const GazeVelocity& velocity, double exceedance);
  std::optional<Saccade> complete();
  void remember(const GazeVelocity& velocity, double exceedance);
  [[nodiscard]] CaptureTime crossing(CaptureTime at, double exceedance) const;
  [[nodiscard]] Eigen::Vector3d mean_before() const;

  CaptureTime settle_;
  double longest_s_;
  double least_amplitude_deg_;
  State state_ = State::slow;
  bool is_cut_ = false;  ///< the run has no measurable beginning
  Saccade current_;
  Eigen::Vector2d run_velocity_ = Eigen::Vector2d::Zero();  ///< sum over the run
  Eigen::Vector3d landing_ = Eigen::Vector3d::Zero();       ///< sum over the slow samples after it
  int landing_samples_ = 0;
  std::optional<CaptureTime> settled_at_;  ///< before it no new saccade begins
  std::array<Place, places_kept> places_;  ///< slow samples in a row, a ring
  std::size_t place_count_ = 0;
  std::size_t next_place_ = 0;
  std::optional<CaptureTime> last_at_;  ///< of the last valid sample, if none was lost since
  double last_exceedance_ = 0.0;
};

}  // namespace yarbus
