#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "calibration/calibration_sample.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// More targets than this are refused: the Gaussian process keeps its memory inside itself.
constexpr int max_targets = 64;

/// What one eye did, on average, while a target was shown. Frames & units: cam of that eye, mm, rad.
struct EyeFixation {
  Eigen::Vector3d eye_center_in_cam_mm = Eigen::Vector3d::Zero();
  Eigen::Vector3d optical_axis_in_cam = -Eigen::Vector3d::UnitZ();
  Eigen::Matrix3d mean_covariance_in_cam = Eigen::Matrix3d::Zero();  ///< of the mean axis, rad^2
  double stated_variance_rad2 = 0.0;  ///< mean of the samples' stated axis variances, per direction
  int samples = 0;
};

/// One target, as both eyes fixated it. A target that moves is where it was on average.
struct Fixation {
  int target = 0;
  int movement = -1;  ///< as CalibrationSample
  Eigen::Vector2d target_in_screen_mm = Eigen::Vector2d::Zero();
  std::array<std::optional<EyeFixation>, 2> eyes;  ///< by EyeSide

  /// The averages as if they were one sample.
  [[nodiscard]] GazeRays rays() const;
};

/// Averages the samples target by target, by rising number; samples without an eye are passed over.
/// Method: the mean of the axes weighted by the stated covariances (at most 4:1 about their median) and by
/// Huber's weights about the mean, three passes; its covariance is the weighted scatter over the samples.
/// Errors: input_empty without samples or where no sample has an eye; input_unreadable naming the first
/// sample with a value that is not finite or an axis that is no direction; invalid_option if there are more
/// than max_targets.
Result<std::vector<Fixation>> average_fixations(std::span<const CalibrationSample> samples);

/// Largest angle (rad) between two of the targets, seen from `eye_in_screen_mm`.
double target_spread_rad(std::span<const Fixation> fixations, const Eigen::Vector3d& eye_in_screen_mm);

}  // namespace yarbus
