#pragma once

#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include <Eigen/Core>
#include <Eigen/LU>

#include "calibration/calibration_sample.h"

namespace yarbus {

/// Where somebody looks on the screen, and how sure that is. Frames & units: screen, mm.
struct GazePoint {
  Eigen::Vector2d point_in_screen_mm = Eigen::Vector2d::Zero();
  /// Of the point about what is looked at: the fixation's own jitter is in it.
  Eigen::Matrix2d covariance_mm2 = Eigen::Matrix2d::Zero();
  std::array<bool, 2> eyes{};  ///< which eyes it rests on, by EyeSide

  [[nodiscard]] bool uses(EyeSide side) const { return eyes[static_cast<std::size_t>(side)]; }
  /// Whether the stated region of that probability (0..1, exclusive) holds a point of the screen (mm).
  [[nodiscard]] bool region_holds(const Eigen::Vector2d& other_in_screen_mm, double share) const {
    const Eigen::Vector2d off = other_in_screen_mm - point_in_screen_mm;
    return off.dot(covariance_mm2.inverse() * off) <= -2.0 * std::log(1.0 - share);
  }
};

/// From what the eyes do to where they look. Immutable once fitted.
/// Errors: nullopt if no eye is there, or its line of sight does not meet the screen's plane.
/// Threads: const, concurrent-safe. Cost: a few us, no heap.
class GazeMapper {
 public:
  GazeMapper() = default;
  GazeMapper(const GazeMapper&) = default;
  GazeMapper& operator=(const GazeMapper&) = default;
  virtual ~GazeMapper() = default;

  /// "geometric", "polynomial" or "gaussian process".
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// With every eye that is there.
  [[nodiscard]] virtual std::optional<GazePoint> map(const GazeRays& rays) const = 0;
  /// With that eye alone.
  [[nodiscard]] std::optional<GazePoint> map_eye(const GazeRays& rays, EyeSide side) const {
    GazeRays one{rays.captured_at, {}};
    one.eyes[static_cast<std::size_t>(side)] = rays.eye(side);
    return map(one);
  }
};

}  // namespace yarbus
