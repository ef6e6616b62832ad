#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "calibration/calibration_sample.h"
#include "calibration/procedure/procedure_options.h"
#include "calibration/procedure/pursuit_path.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Which targets are shown. `one` is the check of a calibration by one point (recentre).
enum class TargetLayout : std::uint8_t { one, five, nine, thirteen, pursuit };

constexpr std::string_view to_string(TargetLayout layout) {
  switch (layout) {
    case TargetLayout::one:
      return "one point";
    case TargetLayout::five:
      return "5 points";
    case TargetLayout::nine:
      return "9 points";
    case TargetLayout::thirteen:
      return "13 points";
    case TargetLayout::pursuit:
      return "a moving point";
  }
  return "unknown";
}

/// A part of the screen. Frames & units: screen, mm.
struct ScreenRegion {
  Eigen::Vector2d low_mm = Eigen::Vector2d::Zero();
  Eigen::Vector2d high_mm = Eigen::Vector2d::Zero();
};

/// What to calibrate.
struct ProcedureRequest {
  ScreenGeometry screen;
  TargetLayout layout = TargetLayout::nine;
  int validation_points = 4;  ///< 0, 4 or 5; never those of the calibration
  std::optional<ScreenRegion>
      region;              ///< only there (recalibrate a region); unset: the screen within margins
  std::uint64_t seed = 1;  ///< of the order

  /// Names everything that cannot be done.
  [[nodiscard]] Result<void> validate() const;
};

/// One place where a target stands, or one arc along which it moves.
struct PlannedPoint {
  Eigen::Vector2d position_in_screen_mm = Eigen::Vector2d::Zero();  ///< of an arc: its start
  bool is_validation = false;
  std::optional<int> arc;  ///< of the pursuit path
};

/// All points in reading order (calibration first) and the order in which they are shown.
struct TargetPlan {
  std::vector<PlannedPoint> points;
  std::vector<int> calibration_order;  ///< indices into points
  std::vector<int> validation_order;
  std::optional<PursuitPath> path;
};

/// Lays the points out. The order is one of chance among those whose longest jump is as short as any order's
/// can be; the moving target's arcs come one after another. `request` must be valid (YARBUS_CHECK).
TargetPlan plan_targets(const ProcedureRequest& request, const ProcedureOptions& options);

}  // namespace yarbus
