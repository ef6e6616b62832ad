#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "calibration/calibration_sample.h"
#include "calibration/procedure/eye_center_watch.h"
#include "calibration/procedure/procedure_frame.h"
#include "calibration/procedure/pursuit_path.h"
#include "eyemodel/types/calibration_terms.h"

namespace yarbus {

/// Why a point is missing or poor.
enum class PointReason : std::uint8_t {
  none,
  not_shown,  ///< not its turn yet, or the procedure ended before
  skipped,
  no_frames,  ///< the camera delivered nothing
  no_eye,     ///< pupil lost
  eye_closed,
  invalid_numbers,
  never_still,
  few_samples,
  wide_spread,
  data_loss,
  did_not_follow,    ///< the eye did not turn when the target jumped
  looked_elsewhere,  ///< the eye was still, but not where the other points say the target was
  eye_moved,         ///< the eye's centre lay elsewhere in the camera than for the later points
  face_lost,         ///< of the head pass: most frames show no face with an eye
  head_unmoved,      ///< of the head pass
};

std::string_view to_text(PointReason reason);
std::string_view remedy_for(PointReason reason);

/// One eye at one point. Frames & units: cam; mm, deg.
struct EyePointResult {
  int samples = 0;
  double spread_deg = 0.0;  ///< root mean square angle from the mean axis; of an arc: from its smoothed way
  double data_loss = 1.0;   ///< share of the frames, after the settling time, that were lost
  Eigen::Vector3d mean_axis_in_cam = Eigen::Vector3d::Zero();
  EyeCenter mean_center;
  Eigen::Vector2d mean_target_in_screen_mm = Eigen::Vector2d::Zero();  ///< of an arc: over its samples

  [[nodiscard]] bool has_data() const { return samples > 0; }
};

/// How far a head turned: from its leftmost to its rightmost direction, and from its highest to its lowest.
struct HeadTurn {
  double yaw_deg = 0.0;
  double pitch_deg = 0.0;
};

/// What came of a point.
struct PointResult {
  int point = 0;    ///< in the plan
  int target = -1;  ///< the showing's number, as in the samples; -1: never shown
  Eigen::Vector2d position_in_screen_mm = Eigen::Vector2d::Zero();
  bool is_validation = false;
  bool is_head_pass = false;  ///< looked at while the head moved: no spread, no place among the others
  std::optional<HeadTurn> head_turn;  ///< of it
  PointVerdict verdict = PointVerdict::waiting;
  PointReason reason = PointReason::not_shown;
  int attempts = 0;
  bool is_used = false;     ///< its samples go into the fit or the score
  int samples = 0;          ///< times with at least one eye
  double spread_deg = 0.0;  ///< of the better eye
  double data_loss = 1.0;   ///< likewise
  std::array<EyePointResult, 2> eyes;
  std::optional<double> off_deg;  ///< from where the other points expect the gaze; unset: not known yet
  CaptureTime shown_at{};
  CaptureTime ended_at{};

  [[nodiscard]] const EyePointResult& eye(EyeSide side) const { return eyes[index_of(side)]; }
};

/// One showing of a point and everything seen meanwhile.
struct PointAttempt {
  PointResult result;
  std::vector<CalibrationSample> samples;  ///< chosen: still, confident, no outliers
  std::vector<CalibrationSample> raw;      ///< every frame after the settling time; lost eyes are absent
  std::optional<PursuitMotion> motion;     ///< of an arc

  /// The frames from the first chosen one to the last, with lost ones and outliers: what a score is of.
  [[nodiscard]] std::span<const CalibrationSample> fixation() const;
};

}  // namespace yarbus
