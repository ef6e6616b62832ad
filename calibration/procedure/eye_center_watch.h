#pragma once

#include <optional>
#include <span>

#include <Eigen/Core>

#include "calibration/calibration_sample.h"

namespace yarbus {

/// A lasting move of the eye's centre in the camera: the camera, or what carries it, slipped.
struct CenterStep {
  std::size_t first_after = 0;  ///< index of the first place after it
  Eigen::Vector3d shift_in_cam_mm = Eigen::Vector3d::Zero();
  double length_sigma_mm = 0.0;  ///< of the shift's length, as the model states it and the places scatter
};

/// A model's word on where the eye's centre is. Frames & units: cam, mm.
struct EyeCenter {
  Eigen::Vector3d in_cam_mm = Eigen::Vector3d::Zero();
  Eigen::Matrix3d covariance_mm2 = Eigen::Matrix3d::Zero();  ///< of the model; zero: not stated
};

/// Whether two words on an eye's centre differ by more than both models' stated uncertainty explains
/// (chi-square with three degrees of freedom, a chance of 0.001). A model that still learns how far away the
/// eye is moves its centre by millimetres without any slip. Models that state nothing: true.
bool is_beyond_doubt(const EyeCenter& before, const EyeCenter& now);

/// Frames & units: cam, mm; the places in order of time. Method: the one step that leaves the least squares;
/// it counts if it is longer than `least_mm`, than four times its own standard error from the scatter that
/// is left, and beyond doubt by the mean stated covariances. Errors: nullopt with fewer than four places, or
/// without a step.
std::optional<CenterStep> find_center_step(std::span<const EyeCenter> centers, double least_mm);

/// Where an eye's centre was during the calibration and how it scattered.
struct CenterReference {
  EyeCenter mean;
  double sigma_mm = 0.0;  ///< root mean square distance from the mean
  int samples = 0;

  static std::optional<CenterReference> of(std::span<const CalibrationSample> samples, EyeSide side);
};

/// Follows an eye's centre while tracking and says when it has left its place.
/// Method: leaky average (0.5 s); moved if it has been further than `slip_mm`, and than three of the
/// reference's deviations, from the reference for a whole second, beyond doubt (see there).
/// Threads: one owner. No heap.
class EyeCenterWatch {
 public:
  EyeCenterWatch(const CenterReference& reference, double slip_mm);

  /// Absent eyes and rays that are not numbers are passed over; times rise.
  void push(CaptureTime at, const std::optional<EyeRay>& ray);
  /// Where the eye's centre is now is its place from now on (gaze was recentred).
  void accept_place();
  [[nodiscard]] bool has_moved() const { return has_moved_; }
  [[nodiscard]] Eigen::Vector3d shift_in_cam_mm() const {
    return average_.in_cam_mm - reference_.mean.in_cam_mm;
  }

 private:
  CenterReference reference_;
  double limit_mm_;
  EyeCenter average_;
  std::optional<CaptureTime> last_;
  std::optional<CaptureTime> away_since_;
  bool has_moved_ = false;
};

}  // namespace yarbus
