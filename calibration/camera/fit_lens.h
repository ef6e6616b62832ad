#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "calibration/camera/lens_residual.h"

namespace yarbus {

/// A camera and where the board was in each view. Private to calibration/camera.
struct LensFit {
  DistortionModel model = DistortionModel::radial_tangential;
  CameraVector camera{};
  std::vector<PoseVector> poses;    ///< one a view
  std::vector<double> view_rms_px;  ///< one a view; residual lengths, root mean square
  double rms_px = 0.0;              ///< over all points
  double cost = 0.0;

  [[nodiscard]] CameraIntrinsics intrinsics(int width_px, int height_px) const;
};

using ViewList = std::vector<const BoardView*>;

/// From nothing: several focal lengths are tried, robustly (Cauchy, 1 px), the best is kept.
/// Errors: nullopt if none converges.
std::optional<LensFit> fit_lens_from_scratch(const ViewList& views, DistortionModel model,
                                             const std::stop_token& stop);

/// Least squares from a start with as many poses as views.
std::optional<LensFit> refine_lens(const ViewList& views, const LensFit& start, const std::stop_token& stop);

/// The residual length of one view (root mean square, px) when the camera is as given and only the pose is
/// fitted.
double left_out_error_px(const BoardView& view, const LensFit& camera, const PoseVector& start);

/// Where the fit puts the points of a view (px).
std::vector<Eigen::Vector2d> reprojected_px(const BoardView& view, const LensFit& fit, std::size_t index);

/// One standard deviation of each camera parameter, the poses unknown too. NaN where the views do not
/// determine it. Method: (J^T J)^-1 with the poses eliminated, times the residuals' variance.
CameraVector standard_deviations(const ViewList& views, const LensFit& fit);

}  // namespace yarbus
