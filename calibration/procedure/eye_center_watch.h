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
};

/// Frames & units: cam, mm; the places in order of time. Method: the one step that leaves the least squares;
/// it counts if it is longer than `least_mm` and than four times its own standard error from the scatter that
/// is left. Errors: nullopt with fewer than four places, or without a step.
std::optional<CenterStep> find_center_step(std::span<const Eigen::Vector3d> centers_in_cam_mm,
                                           double least_mm);

/// Where an eye's centre was during the calibration and how it scattered.
struct CenterReference {
  Eigen::Vector3d mean_in_cam_mm = Eigen::Vector3d::Zero();
  double sigma_mm = 0.0;  ///< root mean square distance from the mean
  int samples = 0;

  static std::optional<CenterReference> of(std::span<const CalibrationSample> samples, EyeSide side);
};

/// Follows an eye's centre while tracking and says when it has left its place.
/// Method: leaky average (0.5 s); moved if it has been further than `slip_mm`, and than three of the
/// reference's deviations, from the reference for a whole second.
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
    return average_in_cam_mm_ - reference_.mean_in_cam_mm;
  }

 private:
  CenterReference reference_;
  double limit_mm_;
  Eigen::Vector3d average_in_cam_mm_;
  std::optional<CaptureTime> last_;
  std::optional<CaptureTime> away_since_;
  bool has_moved_ = false;
};

}  // namespace yarbus
