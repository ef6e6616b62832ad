#pragma once

#include <optional>

#include "app/session/session.h"
#include "calibration/mapping/calibration_file.h"

namespace yarbus {

/// What the calibration desk needs of the session around it. Threads: any; every call returns at once.
class CalibrationSurroundings {
 public:
  virtual ~CalibrationSurroundings() = default;
  /// The camera of an open source; unset: none is open.
  [[nodiscard]] virtual std::optional<CalibrationSetup::Camera> camera(EyeSide side) const = 0;
  /// What was asked for, if the open source is a simulated eye.
  [[nodiscard]] virtual std::optional<SourceRequest> simulated_eye(EyeSide side) const = 0;
  [[nodiscard]] virtual bool is_simulated(EyeSide side) const = 0;  ///< no heap
  /// A webcam is open, which sees both eyes.
  [[nodiscard]] virtual bool is_webcam() const = 0;
  [[nodiscard]] virtual FitStage stage(EyeSide side) const = 0;
  [[nodiscard]] virtual bool is_frozen(EyeSide side) const = 0;
  virtual void open(EyeSide side, const SourceRequest& request) = 0;
  virtual void freeze(EyeSide side, bool frozen) = 0;
  virtual void steer(EyeSide side, const SimulationControls& controls) = 0;
  /// What a simulated face looks at from now on, mm; unset: at what its scenario has.
  virtual void show_to_face(const std::optional<Eigen::Vector2d>& target_in_screen_mm) = 0;
};

}  // namespace yarbus
