#pragma once

#include <optional>

#include <Eigen/Core>

#include "eyemodel/geometry/dispersion_window.h"
#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/options.h"

namespace yarbus {

/// I-DT (Salvucci & Goldberg 2000).
struct FixationDetectorOptions {
  double dispersion_deg = 1.5;  ///< the largest extent; 3.0 is usual live, 1.5 offline
  double shortest_s = 0.1;      ///< window in which gaze must be still for a fixation to begin

  static std::span<const OptionField<FixationDetectorOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// A fixation so far, or one that has ended.
struct FixationEvent {
  CaptureTime start{};
  CaptureTime end{};
  Eigen::Vector3d mean_direction = Eigen::Vector3d::UnitZ();
  int frames = 0;
  double spread_deg = 0.0;  ///< root mean square distance of the directions from their mean

  /// Of so many unit directions with that sum.
  static FixationEvent from_sum(CaptureTime start, CaptureTime end, const Eigen::Vector3d& sum, int frames);
  [[nodiscard]] double duration_s() const { return std::chrono::duration<double>(end - start).count(); }
};

/// Finds fixations in gaze directions of one frame of reference (cam, screen or head), by dispersion: the
/// window's extent for the beginning, then each direction's distance from the fixation's mean.
/// Threads: one owner; no clock: times come with the frames and rise. No heap.
class FixationDetector {
 public:
  explicit FixationDetector(const FixationDetectorOptions& options = {});

  void clear();
  /// Adds one direction (unit). Returns whether gaze is fixating.
  bool push(CaptureTime at, const Eigen::Vector3d& direction);
  /// A frame without gaze: a fixation ends when it lasts longer than `shortest_s`.
  void push_loss(CaptureTime at);
  /// The fixation under way.
  [[nodiscard]] const std::optional<FixationEvent>& current() const { return current_; }
  /// The last one that has ended, once.
  std::optional<FixationEvent> take_ended();

 private:
  void end();

  FixationDetectorOptions options_;
  DispersionWindow window_;
  std::optional<FixationEvent> current_;
  Eigen::Vector3d sum_ = Eigen::Vector3d::Zero();
  std::optional<FixationEvent> ended_;
};

}  // namespace yarbus
