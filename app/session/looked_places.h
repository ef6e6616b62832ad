#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "calibration/calibration_sample.h"
#include "calibration/mapping/gaze_mapper.h"

namespace yarbus {

/// Where a simulated participant looked in the last minutes. Frames & units: screen, mm. Threads: one owner.
class LookedPlaces {
 public:
  /// Times must rise.
  void note(CaptureTime at, const Eigen::Vector2d& gaze_in_screen_mm);
  /// Mean angle between a mapper's mean gaze at each target and where the eyes looked in those frames;
  /// nullopt: nothing is known of them.
  [[nodiscard]] std::optional<double> true_accuracy_deg(const GazeMapper& mapper,
                                                        const std::vector<CalibrationSample>& samples,
                                                        const Eigen::Vector3d& eyes_in_screen_mm) const;

 private:
  struct Looked {
    CaptureTime at{};
    Eigen::Vector2d gaze_mm = Eigen::Vector2d::Zero();
  };
  std::deque<Looked> looked_;
};

}  // namespace yarbus
