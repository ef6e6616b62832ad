#pragma once

#include <memory>
#include <optional>

#include "app/recording/session_rows.h"
#include "app/session/calibration_view.h"
#include "calibration/procedure/procedure_frame.h"

namespace yarbus {

/// What the calibration in force made of one frame. Valid during the call only.
struct MadeGaze {
  const ProcedureFrame& frame;
  const std::optional<ScreenGaze>& gaze;  ///< unset: no eye was there
  const ScreenGeometry& screen;           ///< that it was calibrated on
  /// What recentring subtracts from the mapper's gaze, screen, mm; zero: it was not recentred.
  const Eigen::Vector2d& offset_in_screen_mm;
  /// The calibration as a session keeps it; null unless somebody `wants_calibration()`.
  std::shared_ptr<const CalibrationRow> calibration;
};

/// Sees gaze on the screen as it is made. Every call must return at once. Threads: the calibration desk's.
class GazeTap {
 public:
  virtual ~GazeTap() = default;
  [[nodiscard]] virtual bool wants_calibration() const { return false; }
  virtual void gaze_made(const MadeGaze& made) = 0;
  /// From now on gaze_made() comes for the frames, or no longer.
  virtual void mapping_changed(bool /*is_calibrated*/) {}
};

/// Mean confidence of the eyes of a frame that have a ray, 0..1; 0 without any.
inline double confidence_of(const ProcedureFrame& frame) {
  double sum = 0.0;
  int eyes = 0;
  for (const auto& ray : frame.rays.eyes) {
    if (!ray) continue;
    sum += ray->confidence;
    ++eyes;
  }
  return eyes > 0 ? sum / eyes : 0.0;
}

}  // namespace yarbus
