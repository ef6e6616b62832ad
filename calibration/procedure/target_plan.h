#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <Eigen/Core>

#include "calibration/calibration_sample.h"
#include "calibration/procedure/procedure_options.h"
#include "calibration/procedure/pursuit_path.h"
#include "eyemodel/types/calibration_terms.h"
#include "eyemodel/types/result.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus {

/// What to calibrate.
struct ProcedureRequest {
  ScreenGeometry screen;
  TargetLayout layout = TargetLayout::nine;
  int validation_points = 4;  ///< 0, 4 or 5; never those of the calibration
  std::optional<ScreenRegion>
      region;              ///< only there (recalibrate a region); unset: the screen within margins
  std::uint64_t seed = 1;  ///< of the order
  /// After the last target of the calibration one more in the middle is looked at while the head moves. For a
  /// camera that sees the head.
  bool head_pass = false;

  /// Names everything that cannot be done.
  [[nodiscard]] Result<void> validate() const;
};

/// One place where a target stands, or one arc along which it moves.
struct PlannedPoint {
  Eigen::Vector2d position_in_screen_mm = Eigen::Vector2d::Zero();  ///< of an arc: its start
  bool is_validation = false;
  std::optional<int> arc;  ///< of the pursuit path
  bool is_head_pass = false;
};

/// All points in reading order (calibration first) and the order in which they are shown.
struct TargetPlan {
  std::vector<PlannedPoint> points;
  std::vector<int> calibration_order;  ///< indices into points
  std::vector<int> validation_order;
  std::optional<int> head_pass;  ///< index into points: after those of the calibration, in neither order
  std::optional<PursuitPath> path;
};

/// Lays the points out. The order is one of chance among those whose longest jump is as short as any order's
/// can be; the moving target's arcs come one after another. `request` must be valid (YARBUS_CHECK).
TargetPlan plan_targets(const ProcedureRequest& request, const ProcedureOptions& options);

}  // namespace yarbus
