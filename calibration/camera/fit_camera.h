#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "calibration/camera/board_view.h"
#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/result.h"

namespace yarbus {

struct CameraFitOptions {
  LensChoice lens = LensChoice::automatic;
  int fewest_views = 6;
  double most_rms_px = 1.0;         ///< per 640 px of the longer image side
  double most_focal_sigma = 0.01;   ///< share of the focal length
  double outlier_factor = 3.0;      ///< of the median view error: beyond, a view is removed
  double least_outlier_px = 0.25;   ///< views with less error are never removed
  double fisheye_must_gain = 0.03;  ///< by how much its left-out error must be lower to be chosen
};

/// What became of one view.
struct ViewError {
  double rms_px = 0.0;
  bool is_removed = false;
  std::string reason;                           ///< of the removal
  std::vector<Eigen::Vector2d> reprojected_px;  ///< one for each of the view's points
};

/// Errors on views that were left out of the fit (root mean square, px); unset: not fitted.
struct LeftOutErrors {
  std::optional<double> standard_px;
  std::optional<double> fisheye_px;
  std::string text;  ///< the choice in words
};

struct CameraFit {
  CameraIntrinsics intrinsics;
  double rms_px = 0.0;                       ///< of the views kept
  std::array<double, 4> sigma_px{};          ///< one standard deviation of fx, fy, cx, cy
  std::array<double, 5> distortion_sigma{};  ///< of the five numbers in the order of CameraIntrinsics
  std::vector<ViewError> views;              ///< in the order given
  int views_used = 0;
  LeftOutErrors left_out;
  double most_tilt_deg = 0.0;  ///< of the board, over the views used
};

/// Camera and lens from views of one board. Method: reprojection error over all views with Ceres (Zhang
/// 2000), robust first (Cauchy), then without the views whose error stands out (at most a third), then plain.
/// Deterministic. Errors: unsupported_format with the reason when the views do not determine the camera (too
/// few, none tilted, error too large, too many that contradict each other); interrupted.
/// Threads: concurrent-safe. Cost: 0.2 to 3 s for 20 views.
Result<CameraFit> fit_camera(
    std::span<const BoardView> views, const CameraFitOptions& options = {}, const std::stop_token& stop = {},
    const std::function<void(const std::string& step, double share)>& on_progress = {});

}  // namespace yarbus
