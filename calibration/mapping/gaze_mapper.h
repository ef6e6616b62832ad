#pragma once

#include <optional>
#include <string_view>

#include "calibration/calibration_sample.h"
#include "eyemodel/types/gaze_point.h"

namespace yarbus {

/// From what the eyes do to where they look. Immutable once fitted.
/// Errors: nullopt if no eye is there, or its line of sight does not meet the screen's plane.
/// Threads: const, concurrent-safe. Cost: a few us, from a webcam's patches up to 0.2 ms; no heap.
class GazeMapper {
 public:
  GazeMapper() = default;
  GazeMapper(const GazeMapper&) = default;
  GazeMapper& operator=(const GazeMapper&) = default;
  virtual ~GazeMapper() = default;

  /// As MapperChoice::candidates lists them.
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// With every eye that is there.
  [[nodiscard]] virtual std::optional<GazePoint> map(const GazeRays& rays) const = 0;
  /// With that eye alone.
  [[nodiscard]] std::optional<GazePoint> map_eye(const GazeRays& rays, EyeSide side) const {
    GazeRays one{rays.captured_at, {}, rays.face};
    one.eyes[static_cast<std::size_t>(side)] = rays.eye(side);
    return map(one);
  }
};

}  // namespace yarbus
